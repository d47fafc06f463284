"""Texts as passages of a knowledge base, as the product stores them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from benchmarks.retrieval.chunking import Chunk


def store(owner: Any, chunks: Sequence[Chunk]) -> tuple[Any, list[Any]]:
    """A base of these chunks with its indexes made, and its passages in their order."""
    from flowbuilder.knowledge.changes import note
    from flowbuilder.knowledge.embedding import embed
    from flowbuilder.knowledge.index import index_of
    from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
    from flowbuilder.knowledge.retrieval import lsa
    from flowbuilder.knowledge.searched import digest_of, embedded_text, words_of

    base = KnowledgeBase.objects.create(workspace=owner.workspace, name=uuid4().hex)
    documents = {
        name: Document.objects.create(
            workspace=owner.workspace,
            base=base,
            name=name,
            format="md",
            size=1,
            sha256=name,
            status=DocumentStatus.READY,
        )
        for name in dict.fromkeys(chunk.document for chunk in chunks)
    }
    vectors = embed([embedded_text(chunk.heading, chunk.text) for chunk in chunks])
    Passage.objects.bulk_create(
        Passage(
            base=base,
            document=documents[chunk.document],
            ordinal=ordinal,
            heading=chunk.heading,
            text=chunk.text,
            start=chunk.start,
            end=chunk.end,
            digest=digest_of(chunk.heading, chunk.text),
            words=words_of(chunk.heading, chunk.text),
            vector=vector.tobytes(),
        )
        for ordinal, (chunk, vector) in enumerate(zip(chunks, vectors, strict=True))
    )
    passages = list(base.passages.order_by("ordinal"))
    note(base, [passage.pk for passage in passages])
    index_of(base).catch_up()
    lsa.fit(base.pk)
    return base, passages
