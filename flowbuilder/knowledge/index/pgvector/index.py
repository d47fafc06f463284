"""The index of an installation whose PostgreSQL has pgvector: in the database, shared by all machines."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.db import connection, transaction

from flowbuilder.knowledge.index import outbox
from flowbuilder.knowledge.index.catching_up import catch_up, is_outdated, is_over
from flowbuilder.knowledge.index.interface import Match, best
from flowbuilder.knowledge.index.okapi import K1, B
from flowbuilder.knowledge.index.outbox import embedder_of
from flowbuilder.knowledge.index.pgvector.tables import Tables, as_text, rows, run
from flowbuilder.knowledge.models import IndexTables

LEAST_VERSION = (0, 8)
"""The first that goes on where a filter leaves too few of the nearest."""
EXACT = 20_000
WORTH_A_GRAPH = 10_000
MOST_LOOKED_AT = 1_000
"""pgvector's own bound of hnsw.ef_search."""
WAIT = 0.02
ALLOWED = "passage_id = ANY(%(allowed)s::bigint[])"
"""With its type: an array of smaller numbers is not hashed but walked through for each row, 13 s for 50,000 of 100,000."""


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Whether the database has it, looked up once a process."""
    if connection.vendor != "postgresql":
        return False
    found = rows("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    return bool(found) and tuple(int(part) for part in found[0][0].split(".")[:2]) >= LEAST_VERSION


@dataclass
class PgvectorIndex:
    base_id: uuid.UUID

    @property
    def embedder(self) -> str:
        answering = self._answering()
        return answering.state().embedder if answering else embedder_of(self.base_id)

    def catch_up(self, patience: float | None = None) -> bool:
        if self._is_up_to_date():
            return True
        deadline = None if patience is None else time.monotonic() + patience
        if is_over(deadline):
            return False
        with self._locked(deadline) as held:
            return held and catch_up(self.base_id, self, embedder_of(self.base_id), deadline)

    def nearest(self, vector: np.ndarray, limit: int, allowed: Set[int] | None = None) -> list[Match]:
        answering = self._answering()
        state = answering.state() if answering else None
        if answering is None or state is None or not state.dimensions or not limit:
            return []
        if vector.shape != (state.dimensions,):
            raise ValueError(
                f"The question's vector has {vector.size} dimensions, the index of '{state.embedder}' {state.dimensions}."
            )
        if state.graphed and (allowed is None or len(allowed) > EXACT):
            found = _walked(answering, state, vector, limit, allowed)
            if len(found) == min(limit, state.slots):
                return found
        return _compared(answering, state, vector, limit, allowed)

    def matching(self, words: list[str], limit: int, allowed: Set[int] | None = None) -> list[Match]:
        answering = self._answering()
        if answering is None or not words:
            return []
        state = answering.state()
        filtered = "" if allowed is None else f"WHERE {ALLOWED}"
        found = rows(
            f"""
            WITH asked AS (SELECT word, passage_id, count, length FROM {answering.words} WHERE word = ANY(%(words)s)),
            rarity AS (
                SELECT word, ln(1 + (%(passages)s - count(*) + 0.5::float8) / (count(*) + 0.5::float8)) AS rarity
                FROM asked GROUP BY word
            )
            SELECT passage_id, sum(rarity * count * %(most)s::float8
                / (count + %(k1)s::float8 * (1 - %(b)s::float8 + %(b)s::float8 * length / %(mean)s::float8))) AS score
            FROM asked JOIN rarity USING (word) {filtered}
            GROUP BY passage_id ORDER BY score DESC, passage_id LIMIT %(limit)s
            """,  # noqa: S608
            {
                "words": sorted(set(words)),
                "allowed": list(allowed or ()),
                "passages": state.slots,
                "mean": state.total_length / max(1, state.slots) or 1.0,
                "most": K1 + 1,
                "k1": K1,
                "b": B,
                "limit": limit,
            },
        )
        return best(found, limit)

    def count(self) -> int:
        answering = self._answering()
        return answering.state().slots if answering else 0

    def tend(self) -> None:
        answering = self._answering()
        if answering is None:
            return
        state = answering.state()
        if state.complete and state.dimensions and not state.graphed and state.slots > WORTH_A_GRAPH:
            with self._locked(None):
                answering.make_graph()

    def drop(self) -> None:
        with self._locked(None), transaction.atomic():
            for generation in self._generations():
                generation.remove()

    def current(self) -> Tables | None:
        return self._answering()

    def begun(self) -> list[Tables]:
        return self._generations(answers=False)

    def begin(self, embedder: str, taken: int) -> Tables:
        return Tables.create(self.base_id, embedder, taken)

    def switch_to(self, generation: Tables) -> None:
        with transaction.atomic():
            for other in self._generations():
                if other != generation:
                    other.remove()
            IndexTables.objects.filter(pk=generation.number).update(answers=True)

    def _generations(self, **which: bool) -> list[Tables]:
        known = IndexTables.objects.filter(base_id=self.base_id, **which)
        return [Tables(number) for number in known.order_by("pk").values_list("pk", flat=True)]

    def _answering(self) -> Tables | None:
        return next(iter(self._generations(answers=True)), None)

    def _is_up_to_date(self) -> bool:
        answering = self._answering()
        if answering is None:
            return False
        state = answering.state()
        return (
            state.complete
            and not is_outdated(state, embedder_of(self.base_id))
            and state.taken == outbox.newest(self.base_id)
        )

    @contextmanager
    def _locked(self, deadline: float | None) -> Iterator[bool]:
        """Whether this connection may write; the lock of one that dies is free."""
        key = self.base_id.int % 2**63
        while not (held := rows("SELECT pg_try_advisory_lock(%s)", [key])[0][0]) and not is_over(deadline):
            time.sleep(WAIT)
        try:
            yield held
        finally:
            if held:
                run("SELECT pg_advisory_unlock(%s)", [key])


def _walked(
    tables: Tables, state: IndexTables, vector: np.ndarray, limit: int, allowed: Set[int] | None
) -> list[Match]:
    """By the graph, which goes on until enough allowed ones are found or it has looked at its bound."""
    filtered = "" if allowed is None else f"WHERE {ALLOWED}"
    with transaction.atomic():
        run(f"SET LOCAL hnsw.ef_search = {min(MOST_LOOKED_AT, max(96, 2 * limit))}")
        run("SET LOCAL hnsw.iterative_scan = strict_order")
        # Nothing else gives an order without sorting: so the graph is what is read.
        run("SET LOCAL enable_sort = off")
        run("SET LOCAL enable_seqscan = off")
        found = rows(
            f"SELECT passage_id, 1 - (vector <=> %(vector)s::halfvec({state.dimensions})) FROM {tables.passages} "  # noqa: S608
            f"{filtered} ORDER BY vector <=> %(vector)s::halfvec({state.dimensions}) LIMIT %(limit)s",
            {"vector": as_text(vector), "allowed": list(allowed or ()), "limit": limit},
        )
    return best(found, limit)


def _compared(
    tables: Tables, state: IndexTables, vector: np.ndarray, limit: int, allowed: Set[int] | None
) -> list[Match]:
    """One by one: the materialised part keeps the graph out of it."""
    filtered = "" if allowed is None else f"AND {ALLOWED}"
    found = rows(
        f"WITH kept AS MATERIALIZED (SELECT passage_id, vector FROM {tables.passages} "  # noqa: S608
        f"WHERE vector IS NOT NULL {filtered}) "
        f"SELECT passage_id, 1 - (vector <=> %(vector)s::halfvec({state.dimensions})) AS cosine FROM kept "
        "ORDER BY cosine DESC, passage_id LIMIT %(limit)s",
        {"vector": as_text(vector), "allowed": list(allowed or ()), "limit": limit},
    )
    return best(found, limit)
