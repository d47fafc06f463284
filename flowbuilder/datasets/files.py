"""Rows in and out as files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from django.http import StreamingHttpResponse

from flowbuilder.accounts.models import User
from flowbuilder.datasets.editing import Added, Incoming, add_in_pieces
from flowbuilder.datasets.models import Dataset, DatasetVersion, Origin, RowQuerySet
from flowbuilder.tables.reading import file_of, understood, uploaded
from flowbuilder.tables.shapes import columns_of, shaped
from flowbuilder.tables.writing import attachment

DETAILS = ("split", "origin")
"""Columns that an export may have beside the row's own; an import knows them and takes no split from them."""


def take_upload(*, dataset: Dataset, upload: Any, by: User | None = None) -> Added:
    name = (upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    file = file_of(name)
    return take(dataset=dataset, data=uploaded(upload), file=file, name=name, by=by)


def take(*, dataset: Dataset, data: bytes, file: str, name: str = "", by: User | None = None) -> Added:
    """Put a file's rows into the draft, all or none. What was synthetic where it came from is so here."""

    def understand(row: Any) -> Incoming:
        told = (
            {column: row.pop(column) for column in DETAILS if column in row} if isinstance(row, dict) else {}
        )
        origin = Origin.SYNTHETIC if told.get("origin") == Origin.SYNTHETIC else Origin.IMPORTED
        return Incoming(shaped(dataset.kind, row), origin, {"file": name[:200]} if name else {})

    return add_in_pieces(dataset=dataset, rows=understood(data, file, understand), by=by)


def give(
    *, dataset: Dataset, version: DatasetVersion | None, split: str, file: str, details: bool = False
) -> StreamingHttpResponse:
    """The rows of a version, or of the draft, to be downloaded."""
    rows = version.rows if version else dataset.draft
    if split:
        rows = rows.filter(split=split)
    name = "-".join([dataset.name, str(version.number) if version else "draft", *([split] if split else [])])
    columns = [*columns_of(dataset.kind), *(DETAILS if details else ())]
    return attachment(contents(rows, details), file=file, columns=columns, name=name)


async def contents(rows: RowQuerySet, details: bool) -> AsyncIterator[dict[str, Any]]:
    found = rows.order_by("id").only("content", *DETAILS).aiterator(chunk_size=500)
    async for row in found:
        yield {**row.content, "split": row.split, "origin": row.origin} if details else row.content
