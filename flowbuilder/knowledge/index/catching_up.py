"""How an index takes in what has changed, whatever it keeps it in.

A base's shelf holds generations and says which one answers. Another one is made where that is damaged, has missed changes,
is of another embedder or mostly dead; one that can still answer does so until the other is whole. Every slice is one
transaction, so that who is killed between any two steps leaves what the next one goes on from.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from typing import Protocol

from flowbuilder.knowledge.index import outbox
from flowbuilder.knowledge.index.outbox import Entry

SLICE, LARGE_SLICE = 1_000, 40_000
"""Passages at once, where somebody waits and where nobody does."""
MOSTLY_DEAD, MANY_DEAD = 0.5, 10_000


class State(Protocol):
    @property
    def embedder(self) -> str: ...

    @property
    def taken(self) -> int:
        """The last ``IndexChange`` that is in it."""

    @property
    def filled_to(self) -> int:
        """Until it is complete: the last passage that was read from the rows."""

    @property
    def complete(self) -> int: ...

    @property
    def slots(self) -> int: ...

    @property
    def dead(self) -> int:
        """Of the slots, those that cost and give nothing."""


class Generation(Protocol):
    def state(self) -> State: ...

    def fill(self, entries: list[Entry], filled_to: int, *, complete: bool) -> None:
        """Passages as they are read from the rows, in the order of their ids."""

    def take(self, changed: list[int], entries: list[Entry], taken: int) -> None:
        """Of the passages that changed, ``entries`` are those that can be found from now on."""

    def close(self) -> None: ...

    def remove(self) -> None: ...


class Shelf(Protocol):
    def current(self) -> Generation | None:
        """What answers; None where nothing can."""

    def begun(self) -> Iterable[Generation]:
        """Those that somebody began beside it."""

    def begin(self, embedder: str, taken: int) -> Generation: ...

    def switch_to(self, generation: Generation) -> None:
        """It answers from now on, and no other is kept."""


def is_outdated(state: State, embedder: str) -> bool:
    return state.embedder != embedder or state.dead > max(MANY_DEAD, MOSTLY_DEAD * state.slots)


def catch_up(base_id: uuid.UUID, shelf: Shelf, embedder: str, deadline: float | None) -> bool:
    """Call it where nobody else writes. False where the deadline came first."""
    generation = shelf.current()
    if generation is None:
        # Nothing answers: what is read so far is better.
        generation = _another(base_id, shelf, embedder)
        shelf.switch_to(generation)
    elif is_outdated(generation.state(), embedder) or not outbox.is_gapless(
        base_id, generation.state().taken
    ):
        generation.close()
        generation = _another(base_id, shelf, embedder)
        if _fill(base_id, generation, deadline):
            shelf.switch_to(generation)
    try:
        return _fill(base_id, generation, deadline) and _take_changes(base_id, generation, deadline)
    finally:
        generation.close()


def _another(base_id: uuid.UUID, shelf: Shelf, embedder: str) -> Generation:
    for generation in shelf.begun():
        state = generation.state()
        if state.embedder == embedder and outbox.is_gapless(base_id, state.taken):
            return generation
        generation.close()
        generation.remove()
    return shelf.begin(embedder, outbox.newest(base_id))


def _fill(base_id: uuid.UUID, generation: Generation, deadline: float | None) -> bool:
    """From the rows: one that was cut off goes on where it was."""
    limit = LARGE_SLICE if deadline is None else SLICE
    while not (state := generation.state()).complete:
        if is_over(deadline):
            return False
        entries = outbox.entries_behind(base_id, state.filled_to, limit)
        filled_to = entries[-1].passage_id if entries else state.filled_to
        generation.fill(entries, filled_to, complete=len(entries) < limit)
    return True


def _take_changes(base_id: uuid.UUID, generation: Generation, deadline: float | None) -> bool:
    while True:
        changed, taken = outbox.changed_after(base_id, generation.state().taken, SLICE)
        if not changed:
            return True
        if is_over(deadline):
            return False
        generation.take(changed, outbox.entries(base_id, changed), taken)


def is_over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() > deadline
