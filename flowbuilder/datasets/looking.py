"""Which rows are looked at: a version's or the draft's, narrowed."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from flowbuilder.datasets.models import Dataset, DatasetVersion, Gone, Origin, RowQuerySet, Split

TOO_LONG = 8000
"""Characters above which a row is probably longer than a small model's window."""
Problem = Literal["", "duplicate", "contradictory", "too_long", "empty", "removed"]


class Looked(Schema):
    """What names nothing filters nothing."""

    version: int | None = Field(None, ge=1, le=2**31 - 1)
    """Without it, the draft."""
    split: Split | Literal[""] = ""
    origin: Origin | Literal[""] = ""
    problem: Problem = ""
    q: str = Field("", max_length=200)
    """Words that stand in it."""


def look(dataset: Dataset, version: DatasetVersion | None, asked: Looked) -> RowQuerySet:
    rows: RowQuerySet = version.rows if version else dataset.draft
    match asked.problem:
        case "duplicate":
            rows = rows.duplicates()
        case "contradictory":
            rows = rows.contradictory()
        case "too_long":
            rows = rows.filter(characters__gt=TOO_LONG)
        case "empty":
            rows = rows.filter(empty=True)
        case "removed":
            rows = dataset.rows.filter(last=dataset.newest).exclude(gone__in=[Gone.MENDED, Gone.ARRIVING])
    narrowed = {"split": asked.split, "origin": asked.origin, "text__icontains": asked.q.strip()}
    return rows.filter(**{name: value for name, value in narrowed.items() if value})
