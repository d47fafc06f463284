"""What has changed in a base since an index last looked, read from the rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from flowbuilder.knowledge.models import IndexChange, KnowledgeBase, Passage

KEPT = timedelta(days=1)
PRUNED_AT_ONCE = 20_000


@dataclass(frozen=True)
class Entry:
    """A passage as an index holds it; ``vector`` is None where it has none (yet)."""

    passage_id: int
    words: list[str]
    vector: bytes | None


def embedder_of(base_id: uuid.UUID) -> str:
    """Empty for a base that is gone: its index has nothing to take in."""
    return KnowledgeBase.objects.filter(pk=base_id).values_list("embedder", flat=True).first() or ""


def newest(base_id: uuid.UUID) -> int:
    return IndexChange.objects.filter(base_id=base_id).aggregate(newest=Max("id"))["newest"] or 0


def changed_after(base_id: uuid.UUID, taken: int, limit: int) -> tuple[list[int], int]:
    """Passages that changed behind number ``taken``, and the last number that was looked at."""
    changes = IndexChange.objects.filter(base_id=base_id, id__gt=taken).order_by("id")[:limit]
    rows = list(changes.values_list("id", "passage_id"))
    return sorted({passage_id for _, passage_id in rows}), rows[-1][0] if rows else taken


def is_gapless(base_id: uuid.UUID, taken: int) -> bool:
    """Whether everything behind ``taken`` is still there.

    Changes are pruned in their order, and a base's newest never: so where the one that was taken last stands, none
    behind it is missing.
    """
    changes = IndexChange.objects.filter(base_id=base_id)
    return changes.filter(id=taken).exists() if taken else not changes.exists()


def searchable(base_id: uuid.UUID) -> QuerySet[Passage]:
    return Passage.objects.filter(base_id=base_id, searched=True, enabled=True, document__enabled=True)


def entries(base_id: uuid.UUID, passage_ids: Iterable[int]) -> list[Entry]:
    """Those of the passages that can be found."""
    return _read(searchable(base_id).filter(pk__in=list(passage_ids)))


def entries_behind(base_id: uuid.UUID, passage_id: int, limit: int) -> list[Entry]:
    """The next ``limit`` of all that can be found, by id."""
    return _read(searchable(base_id).filter(pk__gt=passage_id).order_by("pk")[:limit])


def _read(passages: QuerySet[Passage]) -> list[Entry]:
    rows = passages.values_list("pk", "words", "vector")
    return [Entry(pk, words, None if vector is None else bytes(vector)) for pk, words, vector in rows]


def prune() -> int:
    """Forget changes that every index should long have seen; one that has not finds the gap and is made anew."""
    old = IndexChange.objects.filter(at__lt=timezone.now() - KEPT)
    ends = old.aggregate(first=Min("id"), last=Max("id"))
    if ends["last"] is None:
        return 0
    # By number, not by time: clocks of several machines differ, and what is left must have no holes.
    behind = IndexChange.objects.filter(id__lte=min(ends["last"], ends["first"] + PRUNED_AT_ONCE))
    newest_of_each = (
        IndexChange.objects.order_by().values("base_id").annotate(newest=Max("id")).values("newest")
    )
    return behind.exclude(id__in=newest_of_each).delete()[0]
