"""A base to ask: written passages, embedded by the real embedder."""

from collections.abc import Callable
from typing import Any

import pytest

from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.embedding import embed
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
from flowbuilder.knowledge.words import words


@pytest.fixture
def base(workspace) -> KnowledgeBase:
    return KnowledgeBase.objects.create(workspace=workspace, name="protocol")


@pytest.fixture
def write(base) -> Callable[..., list[Passage]]:
    """``write("a.md", ("Heading", "text"), ...)`` is a document of these passages, one behind the other."""

    def make(name: str, *pieces: tuple[str, str], **fields: Any) -> list[Passage]:
        document = Document.objects.create(
            workspace=base.workspace,
            base=base,
            name=name,
            format="md",
            size=1,
            sha256=name,
            status=DocumentStatus.READY,
            **fields,
        )
        vectors = embed([f"{heading}\n{text}" for heading, text in pieces])
        made, start = [], 0
        for ordinal, ((heading, text), vector) in enumerate(zip(pieces, vectors, strict=True)):
            made.append(
                Passage(
                    base=base,
                    document=document,
                    ordinal=ordinal,
                    heading=heading,
                    text=text,
                    start=start,
                    end=start + len(text),
                    words=words(heading) * 2 + words(text),
                    vector=vector.tobytes(),
                )
            )
            start += len(text) + 1
        Passage.objects.bulk_create(made)
        made = list(document.passages.all())
        note(base, [passage.pk for passage in made])
        return made

    return make


RECORDS = ("Parcel", "Depot", "Courier", "Locker", "Invoice", "Route", "Vehicle", "Scanner")


@pytest.fixture
def protocol(write) -> list[Passage]:
    """Eight records, each with a section of its own."""
    return write(
        "protocol.md",
        *(
            (
                f"Protocol › {name} record",
                f"The {name.lower()} record has these fields: {name.lower()}_id, created_at and note.",
            )
            for name in RECORDS
        ),
    )


@pytest.fixture
def chinese(write) -> list[Passage]:
    names = ("包裹", "仓库", "快递员", "储物柜", "发票", "路线", "车辆", "扫描仪", "客户", "地址")
    return write(
        "协议.md", *((f"协议 › {name}", f"{name}记录包含以下字段：编号、创建时间、备注。") for name in names)
    )
