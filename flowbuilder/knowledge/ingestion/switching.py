"""A document's old passages give way to its new ones in one transaction. What stays the same keeps its row and id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.ingestion.leases import Held
from flowbuilder.knowledge.models import DocumentStatus, KnowledgeBase, Passage
from flowbuilder.knowledge.splitting import Piece

PLACE = ("ordinal", "start", "end", "parent")
AT_ONCE = 500


def switch(held: Held, pieces: Sequence[Piece], rows: Sequence[Passage | None]) -> None:
    """``rows`` in the order of ``pieces``; None where a passage that somebody edited stands in its place."""
    document = held.document
    with transaction.atomic():
        _leave_vectors_of_another(held, rows)
        old = list(document.passages.select_for_update().defer("words", "vector"))
        kept = [row for row in old if row.edited]
        known = _by_content([row for row in old if not row.edited])
        reused: list[Passage | None] = [
            stack.pop() if row is not None and (stack := known.get(_content(row))) else None for row in rows
        ]
        order = _order([row for row in rows if row is not None], kept)
        made = [row for row, same in zip(rows, reused, strict=True) if row is not None and same is None]
        before = {same.pk: _place(same) for same in [*reused, *kept] if same is not None}
        for row in rows:
            if row is not None:
                row.ordinal = order[id(row)]
        _write(rows, reused, pieces, made)
        for row in kept:
            row.ordinal = order[id(row)]
            row.parent_id = _parent_at(row, [one for one in _standing(rows, reused) if not one.searched])
        staying = [row for row in [*reused, *kept] if row is not None]
        moved = [row for row in staying if _place(row) != before[row.pk]]
        Passage.objects.bulk_update(moved, PLACE, batch_size=AT_ONCE)
        gone = {row.pk for row in old} - {row.pk for row in staying}
        document.passages.filter(pk__in=gone).delete()
        note(document.base_id, sorted(gone | {row.pk for row in made}))
        document.staged.all().delete()
        held.write(status=DocumentStatus.READY, phase="", error="", attempts=0, hold=False, done=0, planned=0)


def _leave_vectors_of_another(held: Held, rows: Sequence[Passage | None]) -> None:
    """Where the base has changed over to another embedder meanwhile: they are made anew, as for edited passages."""
    base = KnowledgeBase.objects.select_for_update(no_key=True).get(pk=held.document.base_id)
    if base.embedder != held.document.base.embedder:
        for row in rows:
            if row is not None:
                row.vector = None


def _content(row: Passage) -> tuple[bool, str, str, str]:
    return row.searched, row.heading, row.question, row.text


def _by_content(rows: Sequence[Passage]) -> dict[tuple[bool, str, str, str], list[Passage]]:
    found: dict[tuple[bool, str, str, str], list[Passage]] = defaultdict(list)
    for row in reversed(rows):
        found[_content(row)].append(row)
    return found


def _place(row: Passage) -> tuple[int | None, ...]:
    return row.ordinal, row.start, row.end, row.parent_id


def _order(new: Sequence[Passage], kept: Sequence[Passage]) -> dict[int, int]:
    """By where they stand; what somebody wrote without a place comes last."""
    placed = sorted((row for row in kept if row.start is not None), key=lambda row: row.start or 0)
    merged: list[Passage] = []
    for row in new:
        while placed and (placed[0].start or 0) < (row.start or 0):
            merged.append(placed.pop(0))
        merged.append(row)
    merged += [*placed, *sorted((row for row in kept if row.start is None), key=lambda row: row.ordinal)]
    return {id(row): ordinal for ordinal, row in enumerate(merged)}


def _write(
    rows: Sequence[Passage | None],
    reused: Sequence[Passage | None],
    pieces: Sequence[Piece],
    made: Sequence[Passage],
) -> None:
    """Parents first: children name their ids."""
    Passage.objects.bulk_create((row for row in made if not row.searched), batch_size=AT_ONCE)
    for piece, row, same in zip(pieces, rows, reused, strict=True):
        standing = same or row
        if standing is None or row is None:
            continue
        parent = None if piece.parent is None else (reused[piece.parent] or rows[piece.parent])
        standing.parent_id = parent.pk if parent else None
        standing.ordinal, standing.start, standing.end = row.ordinal, row.start, row.end
    Passage.objects.bulk_create((row for row in made if row.searched), batch_size=AT_ONCE)


def _standing(rows: Sequence[Passage | None], reused: Sequence[Passage | None]) -> list[Passage]:
    return [same or row for row, same in zip(rows, reused, strict=True) if row is not None]


def _parent_at(row: Passage, parents: Sequence[Passage]) -> int | None:
    if row.start is None:
        return None
    inside = (parent.pk for parent in parents if (parent.start or 0) <= row.start < (parent.end or 0))
    return next(inside, None)
