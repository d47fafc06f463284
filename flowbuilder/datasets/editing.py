"""What is done to a draft: rows added, mended, removed, restored. A version's rows are never touched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import User
from flowbuilder.datasets.models import Dataset, Gone, Origin, Row, Split
from flowbuilder.datasets.splits import group_of, mended_split, splits_of
from flowbuilder.tables.shapes import Shape, shaped

MOST_ROWS = 200_000
"""Rows of one draft."""
BATCH = 500
PIECE = 1000
"""Rows that are put in while nobody else can write."""
GIVEN_UP = timedelta(hours=1)


@dataclass(frozen=True)
class Incoming:
    """A row on its way in."""

    shape: Shape
    origin: str
    source: dict[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass
class Added:
    kept: int = 0
    known: int = 0
    """Already in the draft."""
    held_out: int = 0
    """Synthetic ones whose prompt belongs to validation or test: they are for training only."""


@contextmanager
def locked(dataset: Dataset) -> Iterator[Dataset]:
    """The dataset as it is now; nobody else changes or freezes it meanwhile."""
    with transaction.atomic():
        yield Dataset.objects.select_for_update().get(pk=dataset.pk)


def add(
    *, dataset: Dataset, rows: Sequence[Incoming], by: User | None = None, skip_known: bool = True
) -> Added:
    """Put rows into the draft; what it holds already is not put in again."""
    with locked(dataset) as found:
        refuse_too_many(found, rows)
        return _add(found, rows, by, skip_known)[0]


def add_in_pieces(*, dataset: Dataset, rows: Sequence[Incoming], by: User | None = None) -> Added:
    """As ``add``, for many rows: others can write in between, and the draft gets all of them at last, or none.

    Until then they stand in no draft and no version. Where this ends in between, the sweeper takes them away.
    """
    refuse_too_many(dataset, rows)
    whole, arrived = Added(), []
    for start in range(0, len(rows), PIECE):
        with locked(dataset) as found:
            added, put = _add(found, rows[start : start + PIECE], by, skip_known=True, arriving=True)
        arrived += [row.pk for row in put]
        whole = Added(*(getattr(whole, name) + getattr(added, name) for name in vars(whole)))
    with locked(dataset) as found:
        for start in range(0, len(arrived), BATCH):
            there = found.rows.filter(pk__in=arrived[start : start + BATCH], gone=Gone.ARRIVING)
            there.update(last=None, gone="")
        found.save(update_fields=["updated_at"])
    return whole


def refuse_too_many(dataset: Dataset, rows: Sequence[Incoming]) -> None:
    if dataset.draft.count() + len(rows) > MOST_ROWS:
        raise ApiError("too_large", f"A dataset has at most {MOST_ROWS} rows.", 413)


def sweep() -> None:
    """Take away what arrived in part."""
    Row.objects.filter(gone=Gone.ARRIVING, at__lt=timezone.now() - GIVEN_UP).delete()


def _add(
    dataset: Dataset, rows: Sequence[Incoming], by: User | None, skip_known: bool, arriving: bool = False
) -> tuple[Added, list[Row]]:
    added = Added()
    built = [_row(dataset, row, by) for row in rows]
    if skip_known:
        there = _alive(dataset, [row.digest for row in built])
        added.known = sum(row.digest in there for row in built)
        built = [row for row in built if row.digest not in there]
    splits = splits_of(dataset, [row.group for row in built])
    for row in built:
        row.split = splits[row.group]
        if arriving:
            row.last, row.gone = dataset.newest, Gone.ARRIVING
    whole = [row for row in built if row.origin != Origin.SYNTHETIC or row.split == Split.TRAIN]
    added.held_out, added.kept = len(built) - len(whole), len(whole)
    Row.objects.bulk_create(whole, batch_size=BATCH)
    dataset.save(update_fields=["updated_at"])
    return added, whole


def _row(dataset: Dataset, incoming: Incoming, by: User | None) -> Row:
    return Row(
        dataset=dataset,
        origin=incoming.origin,
        source=incoming.source,
        key=incoming.key,
        by=by,
        **_told(dataset, incoming.shape),
    )


def _told(dataset: Dataset, shape: Shape) -> dict[str, Any]:
    """What is kept beside a row's content, to find it by."""
    texts = shape.texts()
    against = shape.opposite()
    return {
        "content": shape.model_dump(mode="json"),
        "text": "\n".join(texts),
        "characters": sum(map(len, texts)),
        "empty": not all(text.strip() for text in texts),
        "digest": digest_of(shape.model_dump(mode="json")),
        "opposite": digest_of(against) if against else "",
        "group": group_of(dataset, shape.asked()),
    }


def digest_of(content: dict[str, Any]) -> str:
    whole = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _alive(dataset: Dataset, digests: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(digests), BATCH):
        some = dataset.draft.filter(digest__in=digests[start : start + BATCH])
        found |= set(some.values_list("digest", flat=True))
    return found


def mend(*, row: Row, content: Any, by: User | None) -> Row:
    """Put other words in the row's place; the row as it was stays in the versions that hold it.

    A synthetic row stays synthetic: a person's hand on it does not make it what people said.
    """
    with locked(row.dataset) as dataset:
        row = _fresh(dataset, row)
        if not row.alive:
            raise ApiError("conflict", "This row is not in the draft any more; restore it first.", 409)
        try:
            told = _told(dataset, shaped(dataset.kind, content))
        except ValueError as error:
            raise ApiError("invalid", f"{error}.".replace("..", "."), 422) from error
        if told["digest"] == row.digest:
            return row
        split = mended_split(row, told["group"])
        _close(dataset, dataset.rows.filter(pk=row.pk), Gone.MENDED)
        origin = row.origin if row.origin == Origin.SYNTHETIC else Origin.MENDED
        kept = {"line": row.line, "key": row.key, "source": row.source}
        return Row.objects.create(dataset=dataset, split=split, origin=origin, by=by, **kept, **told)


def remove(*, dataset: Dataset, rows: QuerySet[Row], why: str = Gone.REMOVED) -> int:
    """Take rows out of the draft; how many stood there."""
    with locked(dataset) as found:
        return _close(found, rows.filter(dataset=found, last=None), why)


def remove_duplicates(*, dataset: Dataset) -> int:
    """Keep the first of rows that say the same."""
    with locked(dataset) as found:
        surplus = list(found.draft.duplicates().values_list("pk", flat=True))
        return sum(
            _close(found, found.draft.filter(pk__in=surplus[start : start + BATCH]), Gone.REMOVED)
            for start in range(0, len(surplus), BATCH)
        )


def restore(*, row: Row, by: User | None = None) -> Row:
    """Put a row back as it was, in place of what its line became since."""
    with locked(row.dataset) as dataset:
        row = _fresh(dataset, row)
        if row.alive:
            return row
        _close(dataset, dataset.draft.filter(line=row.line), Gone.MENDED)
        if row.first is None or row.last == dataset.newest:
            dataset.rows.filter(pk=row.pk).update(last=None, gone="", gone_at=None)
            row.refresh_from_db()
            return row
        # Versions lie between: it comes back as a new row of the same line.
        row.pk, row.first, row.last, row.gone, row.gone_at, row.by = None, None, None, "", None, by
        row._state.adding = True
        row.save(force_insert=True)
        return row


def _fresh(dataset: Dataset, row: Row) -> Row:
    found = dataset.rows.filter(pk=row.pk).first()
    if found is None:
        raise ApiError("not_found", "There is no such row, or it is not yours.", 404)
    found.dataset = dataset
    return found


def _close(dataset: Dataset, rows: QuerySet[Row], why: str) -> int:
    count = rows.update(last=dataset.newest, gone=why, gone_at=timezone.now())
    dataset.save(update_fields=["updated_at"])
    return count


def incoming(
    kind: str, content: Any, origin: str = Origin.WRITTEN, source: dict[str, Any] | None = None
) -> Incoming:
    """A row of that kind; ``ApiError`` says what is wrong with it."""
    try:
        return Incoming(shaped(kind, content), origin, source or {})
    except ValueError as error:
        raise ApiError("invalid", f"{error}", 422) from error
