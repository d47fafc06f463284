"""Rows of a dataset over HTTP: looked at, written, mended, moved."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.datasets import editing, splits
from flowbuilder.datasets.api.finding import AT_ONCE, find, find_row, find_version, must_edit
from flowbuilder.datasets.looking import Looked, look
from flowbuilder.datasets.models import Row, Split

router = Router(tags=["datasets"])


class RowFilter(Looked):
    offset: int = Field(0, ge=0, le=10_000_000)


@router.get("/datasets/{uuid:dataset_id}/rows")
def list_rows(request: HttpRequest, dataset_id: uuid.UUID, asked: Query[RowFilter]) -> dict[str, Any]:
    """Two hundred rows from ``offset`` on, and how many there are."""
    dataset = find(request, dataset_id)
    version = find_version(dataset, asked.version) if asked.version else None
    rows = look(dataset, version, asked)
    shown = rows.select_related("by").order_by("id")[asked.offset : asked.offset + AT_ONCE]
    return {"total": rows.count(), "rows": [row_of(row) for row in shown]}


class Content(Schema):
    content: dict[str, Any]


@router.post("/datasets/{uuid:dataset_id}/rows", response={201: dict[str, int]})
def write_row(request: HttpRequest, dataset_id: uuid.UUID, body: Content) -> Any:
    """Write a row into the draft."""
    dataset = find(request, dataset_id)
    must_edit(request)
    row = editing.incoming(dataset.kind, body.content)
    added = editing.add(dataset=dataset, rows=[row], by=request.asker.user)
    return Status(201, vars(added))


@router.put("/datasets/{uuid:dataset_id}/rows/{int:row_id}")
def mend_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int, body: Content) -> dict[str, Any]:
    """Other words in its place; the versions that hold it stay as they are."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    return row_of(editing.mend(row=row, content=body.content, by=request.asker.user))


@router.delete("/datasets/{uuid:dataset_id}/rows/{int:row_id}", response={204: None})
def remove_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> Any:
    """Out of the draft; the versions that hold it keep it."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    editing.remove(dataset=row.dataset, rows=row.dataset.rows.filter(pk=row.pk))
    return Status(204, None)


@router.post("/datasets/{uuid:dataset_id}/rows/{int:row_id}/restoration", response={201: dict[str, Any]})
def restore_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> Any:
    """As it was, in place of what became of it."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    return Status(201, row_of(editing.restore(row=row, by=request.asker.user)))


@router.get("/datasets/{uuid:dataset_id}/rows/{int:row_id}/history")
def row_history(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> list[dict[str, Any]]:
    """Every wording that it ever had, oldest first."""
    row = find_row(request, dataset_id, row_id)
    line = row.dataset.rows.filter(line=row.line).select_related("by").order_by("id")
    return [row_of(found) for found in line[:AT_ONCE]]


class Moved(Schema):
    split: Split
    reason: str = Field(min_length=1, max_length=300)


@router.put("/datasets/{uuid:dataset_id}/rows/{int:row_id}/split")
def move_prompt(request: HttpRequest, dataset_id: uuid.UUID, row_id: int, body: Moved) -> dict[str, int]:
    """Put the row's prompt, with all rows of it, into another split: with a reason, and before a version holds it."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    with editing.locked(row.dataset) as dataset:
        moved = splits.move(dataset, row.group, body.split, body.reason, request.asker.user)
    return {"moved": moved}


@router.delete("/datasets/{uuid:dataset_id}/duplicates")
def remove_duplicates(request: HttpRequest, dataset_id: uuid.UUID) -> dict[str, int]:
    """Of rows that say the same the first stays."""
    dataset = find(request, dataset_id)
    must_edit(request)
    return {"removed": editing.remove_duplicates(dataset=dataset)}


def row_of(row: Row) -> dict[str, Any]:
    return {
        "id": row.pk,
        "content": row.content,
        "split": row.split,
        "origin": row.origin,
        "synthetic": row.origin == "synthetic",
        "source": row.source,
        "in_draft": row.alive,
        "first": row.first,
        "last": row.last,
        "gone": row.gone,
        "by": str(row.by) if row.by else None,
        "at": row.at,
    }
