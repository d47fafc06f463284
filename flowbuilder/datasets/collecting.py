"""What people said, as rows: taken in again and again, each rating once, and out again when it is withdrawn."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from flowbuilder.accounts.models import User
from flowbuilder.datasets.editing import BATCH, Added, Incoming, add, digest_of, locked, remove, restore
from flowbuilder.datasets.models import Dataset, Gone, Kind, Origin
from flowbuilder.datasets.splits import normalised
from flowbuilder.feedback.models import Rating, RatingQuerySet
from flowbuilder.tables.shapes import SHAPES, Shape, shaped


class Wanted(BaseModel):
    """Which ratings are taken; what names nothing filters nothing."""

    flows: list[uuid.UUID] = Field(default_factory=list)
    node: str = ""
    model: str = ""
    """A version such as ``starter@2``, or a name for all its versions."""
    person: int | None = None
    since: datetime.datetime | None = None
    agreement: float = Field(0, ge=0, le=1)
    """Where raters contradict each other: the share that must agree. What the others said is left out, and all of
    it where fewer agree. 0 takes everything as it was said."""
    proven: float | None = Field(None, ge=0, le=1)
    """The share of gold items that a rater must have got right; None asks for no proof."""

    def narrow(self, ratings: RatingQuerySet) -> RatingQuerySet:
        asked: dict[str, Any] = {"flow__in": self.flows, "node_id": self.node, "person": self.person}
        asked["created_at__gte"] = self.since
        if "@" in self.model:
            asked["model"] = self.model
        elif self.model:
            asked["model__startswith"] = f"{self.model}@"
        return ratings.filter(**{name: value for name, value in asked.items() if value})


@dataclass
class Collected:
    kept: int = 0
    """New rows."""
    restored: int = 0
    withdrawn: int = 0
    outvoted: int = 0
    known: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.kept or self.restored or self.withdrawn or self.outvoted)


def collect(*, dataset: Dataset, wanted: Wanted, by: User | None = None) -> Collected:
    """Bring the draft up to what people say now. Asked twice, the second time changes nothing.

    A row whose rating is gone goes too, mended or not; one that a person removed by hand does not come again.
    """
    collected = Collected()
    with locked(dataset) as found:
        ratings = wanted.narrow(Rating.objects.filter(workspace_id=found.workspace_id).told())
        asked = set(ratings.values_list("pk", flat=True))
        said = agreed(said_by(found.kind, ratings.by_proven(wanted.proven)), wanted.agreement)
        incoming = {row.key: row for row in said}
        alive, closed = _known(found)
        _let_go(found, alive, incoming, asked, collected)
        for key in incoming.keys() & closed.keys() - alive.keys():
            row = closed[key]
            if row.gone in {Gone.WITHDRAWN, Gone.OUTVOTED}:
                restore(row=row, by=by)
                collected.restored += 1
        fresh = [row for key, row in incoming.items() if key not in alive and key not in closed]
        added: Added = add(dataset=found, rows=fresh, by=by, skip_known=False)
        collected.kept, collected.known = added.kept, len(incoming.keys() & alive.keys())
    return collected


def _known(dataset: Dataset) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows that ratings brought, by key: those in the draft, and the latest of those that left it."""
    rows = dataset.rows.exclude(key="").defer("content", "text").order_by("id")
    alive, closed = {}, {}
    for row in rows.iterator(chunk_size=2000):
        (alive if row.alive else closed)[row.key] = row
    return alive, closed


def _let_go(
    dataset: Dataset,
    alive: dict[str, Any],
    incoming: dict[str, Incoming],
    asked: set[uuid.UUID],
    collected: Collected,
) -> None:
    """What is said no more leaves; what this collection did not ask for stays."""
    stale = {key: row for key, row in alive.items() if key not in incoming}
    there = set(Rating.objects.filter(workspace_id=dataset.workspace_id).values_list("pk", flat=True))
    leaving: dict[str, list[int]] = {Gone.WITHDRAWN: [], Gone.OUTVOTED: []}
    for key, row in stale.items():
        rating = uuid.UUID(key[:32])
        if rating not in there:
            leaving[Gone.WITHDRAWN].append(row.pk)
        elif rating in asked:
            leaving[Gone.OUTVOTED].append(row.pk)
    for why, keys in leaving.items():
        for start in range(0, len(keys), BATCH):
            gone = remove(
                dataset=dataset, rows=dataset.rows.filter(pk__in=keys[start : start + BATCH]), why=why
            )
            if why == Gone.WITHDRAWN:
                collected.withdrawn += gone
            else:
                collected.outvoted += gone


def said_by(kind: str, ratings: RatingQuerySet) -> list[Incoming]:
    """The ratings as rows of that kind, oldest first; of prompts each one once."""
    rows, seen = [], set()
    for rating in ratings.select_related("person").order_by("created_at", "id").iterator(chunk_size=500):
        for content in CONTENTS[kind](rating):
            if (shape := _shape(kind, content)) is None:
                continue
            if kind == Kind.PROMPTS:
                if normalised(shape.asked()) in seen:
                    continue
                seen.add(normalised(shape.asked()))
            key = f"{rating.pk.hex}:{digest_of(shape.model_dump(mode='json'))[:24]}"
            rows.append(Incoming(shape, Origin.FEEDBACK, source_of(rating), key))
    return rows


def _shape(kind: str, content: dict[str, Any]) -> Shape | None:
    """None where a rating says nothing that can be learned: it has no prompt, or its text is beyond all limits."""
    try:
        return shaped(kind, content)
    except ValueError:
        return None


def source_of(rating: Rating) -> dict[str, Any]:
    return {
        "rating": str(rating.pk),
        "run": str(rating.run_id) if rating.run_id else "",
        "node": rating.node_id,
        "model": rating.model,
        "person": str(rating.person) if rating.person else "",
    }


def _prompts(rating: Rating) -> Iterator[dict[str, Any]]:
    right = rating.demonstrations()
    yield {"prompt": rating.prompt, "reference": right[0] if right else ""}


def _messages(rating: Rating) -> Iterator[dict[str, Any]]:
    for text in rating.demonstrations():
        turns = [{"role": "user", "content": rating.prompt}, {"role": "assistant", "content": text}]
        yield {"messages": turns}


CONTENTS: dict[str, Callable[[Rating], Iterator[dict[str, Any]]]] = {
    Kind.PREFERENCE: lambda rating: (
        {"prompt": rating.prompt, "chosen": chosen, "rejected": rejected}
        for chosen, rejected in rating.pairs()
    ),
    Kind.COMPLETION: lambda rating: (
        {"prompt": rating.prompt, "completion": text} for text in rating.demonstrations()
    ),
    Kind.LABEL: lambda rating: (
        {"prompt": rating.prompt, "completion": text, "label": good} for text, good in rating.labels()
    ),
    Kind.MESSAGES: _messages,
    Kind.PROMPTS: _prompts,
}


def agreed(rows: list[Incoming], least: float) -> list[Incoming]:
    """Where some say the opposite: the majority's rows, when its share is at least ``least``; a tie is nobody's."""
    if not least:
        return rows
    votes: dict[tuple[str, ...], int] = defaultdict(int)
    for row in rows:
        votes[_saying(row.shape)] += 1
    kept = []
    for row in rows:
        against = row.shape.opposite()
        mine = votes[_saying(row.shape)]
        others = votes.get(_saying(SHAPES[row.shape.kind].model_validate(against)), 0) if against else 0
        if mine > others and mine / (mine + others) >= least:
            kept.append(row)
    return kept


def _saying(shape: Shape) -> tuple[str, ...]:
    """What counts as saying the same: the prompt as it is normalised, and the rest as it is."""
    rest = shape.model_dump(mode="json")
    rest.pop("prompt", None)
    return (normalised(shape.asked()), *(f"{name}={value}" for name, value in sorted(rest.items())))
