"""How a generation of an embedded index answers: what a process keeps of it between two questions, and the search itself."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

import numpy as np
from usearch.compiled import MetricKind
from usearch.index import Index as Graph
from usearch.index import search

from flowbuilder.knowledge.index import okapi
from flowbuilder.knowledge.index.embedded import graph
from flowbuilder.knowledge.index.embedded.generation import RECORD, Generation, State
from flowbuilder.knowledge.index.embedded.postings import postings_of
from flowbuilder.knowledge.index.interface import Match, best

EXACT = 20_000
"""So many vectors are compared one by one in the time that the graph takes for a selective filter."""
DEEPEST = 4_096
"""Where so many of the graph's nearest hold too few allowed ones, all allowed ones are compared."""
AT_ONCE = 16_384


class Reader:
    """A view of one state. Files only grow behind it, so that it holds while others write."""

    def __init__(self, generation: Generation, earlier: Reader | None = None) -> None:
        self.folder = generation.folder
        self._database = generation.database
        known = earlier if earlier is not None and earlier.folder == generation.folder else None
        with generation.reading() as state:
            self.state: State = state
            self._living, self._buried = _living(generation, state.slots, known)
        self._records = _mapped(self.folder / "passages.bin", RECORD, (state.slots,))
        self._vectors = _mapped(self.folder / "vectors.f16", np.dtype("<f2"), (state.slots, state.dimensions))
        self._sorted: tuple[np.ndarray, np.ndarray] | None = None
        self._graph: Graph | None = None
        if known is not None and known.state.graph_slots == state.graph_slots:
            self._graph = known._graph
        elif state.graph_slots:
            self._graph = graph.view(self.folder, state)

    def nearest(self, vector: np.ndarray, limit: int, allowed: Set[int] | None) -> list[Match]:
        """What the graph does not hold yet is compared one by one."""
        dimensions = self.state.dimensions
        if not dimensions or not limit:
            return []
        if vector.shape != (dimensions,):
            raise ValueError(
                f"The question's vector has {vector.size} dimensions, the index of '{self.state.embedder}' {dimensions}."
            )
        question = vector.astype(np.float32)
        question /= np.linalg.norm(question) or 1.0
        if allowed is not None and len(allowed) <= EXACT:
            return self._compared(question, self._places(allowed), limit)
        in_graph = self._walked(question, limit, allowed)
        if in_graph is None:
            return self._compared(question, self._places(allowed), limit)
        behind = np.arange(self.state.graph_slots, self.state.slots)
        in_tail = self._compared(question, behind[self._is_kept(behind, allowed)], limit)
        return best([*in_graph, *in_tail], limit)

    def matching(self, words: list[str], limit: int, allowed: Set[int] | None) -> list[Match]:
        slots_of_words = []
        scores = np.zeros(self.state.slots)
        mean = self.state.total_length / max(1, self.state.living) or 1.0
        for _, slots, counts in postings_of(self._database, sorted(set(words))):
            # Others may have written behind this view meanwhile.
            end = np.searchsorted(slots, self.state.slots)
            living = self._living[slots[:end]]
            slots, counts = slots[:end][living], counts[:end][living]
            rarity = okapi.rarity(self.state.living, len(slots))
            scores[slots] += rarity * okapi.weight(counts, self._records["length"][slots], mean)
            slots_of_words.append(slots)
        if not slots_of_words:
            return []
        return self._highest(scores, slots_of_words, limit, allowed)

    def _highest(
        self, scores: np.ndarray, slots_of_words: list[np.ndarray], limit: int, allowed: Set[int] | None
    ) -> list[Match]:
        if allowed is not None and len(allowed) <= EXACT:
            found = self._places(allowed)
        else:
            found = (
                np.unique(np.concatenate(slots_of_words))
                if len(slots_of_words) < 3
                else np.flatnonzero(scores)
            )
        found = found[scores[found] > 0]
        wanted = limit
        while True:
            if wanted < len(found):
                # Everything as good as the last one comes along, so that ties go by id and not by place.
                least = -np.partition(-scores[found], wanted - 1)[wanted - 1]
                few = found[scores[found] >= least]
            else:
                few = found
            kept = few[self._is_kept(few, allowed)]
            if len(kept) >= limit or len(few) == len(found):
                ids = self._records["id"][kept]
                return best(zip(ids.tolist(), scores[kept].tolist(), strict=True), limit)
            wanted *= 8

    def _walked(self, question: np.ndarray, limit: int, allowed: Set[int] | None) -> list[Match] | None:
        """The nearest in the graph; None where the filter leaves too few of them."""
        if self._graph is None:
            return []
        wanted = limit
        while True:
            # Deeper than the answer is long: at its own length the graph's last ones are its least certain.
            found = np.sort(
                self._graph.search(question.astype(np.float16), max(2 * wanted, 32), threads=1).keys
            )
            kept = found[self._is_kept(found, allowed)]
            if len(kept) >= limit or len(found) >= self.state.graph_slots:
                return self._compared(question, kept, limit)
            if wanted >= DEEPEST:
                return None
            wanted *= 4

    def _compared(self, question: np.ndarray, slots: np.ndarray, limit: int) -> list[Match]:
        """The nearest of these slots, exactly."""
        slots = slots[self._records["has_vector"][slots] == 1]
        if len(slots) > 2 * limit + 16:
            slots = self._shortlist(question.astype(np.float16), slots, 2 * limit + 16)
        cosines = self._vectors[slots].astype(np.float32) @ question
        return best(zip(self._records["id"][slots].tolist(), cosines.tolist(), strict=True), limit)

    def _shortlist(self, question: np.ndarray, slots: np.ndarray, length: int) -> np.ndarray:
        """The nearest in half precision, which needs no copy of them in full."""
        kept, distances = [], []
        for start in range(0, len(slots), AT_ONCE):
            some = slots[start : start + AT_ONCE]
            is_run = int(some[-1]) - int(some[0]) + 1 == len(some)
            rows = self._vectors[some[0] : some[-1] + 1] if is_run else self._vectors[some]
            found = search(rows, question, min(length, len(some)), MetricKind.IP, exact=True, threads=1)
            kept.append(some[found.keys.astype(np.int64)])
            distances.append(found.distances)
        return np.concatenate(kept)[np.argsort(np.concatenate(distances), kind="stable")[:length]]

    def _is_kept(self, slots: np.ndarray, allowed: Set[int] | None) -> np.ndarray:
        living = self._living[slots]
        if allowed is None:
            return living
        ids = self._records["id"][slots].tolist()
        return living & np.fromiter((each in allowed for each in ids), dtype=bool, count=len(ids))

    def _places(self, allowed: Set[int] | None) -> np.ndarray:
        """Where the allowed ones stand that are here."""
        if self._sorted is None:
            living = np.flatnonzero(self._living)
            ids = self._records["id"][living]
            order = np.argsort(ids, kind="stable")
            self._sorted = ids[order], living[order]
        ids, slots = self._sorted
        if allowed is None:
            return np.asarray(slots[np.argsort(slots)])
        wanted = np.fromiter(allowed, dtype=np.int64, count=len(allowed))
        at = np.searchsorted(ids, wanted)
        at, wanted = at[at < len(ids)], wanted[at < len(ids)]
        found: np.ndarray = slots[at[ids[at] == wanted]]
        return np.sort(found)


def _living(generation: Generation, slots: int, earlier: Reader | None) -> tuple[np.ndarray, int]:
    """Which slots are not dead, and the number of the last burial that it knows."""
    living = np.ones(slots, dtype=bool)
    seen = 0
    if earlier is not None:
        living[: len(earlier._living)] = earlier._living
        seen = earlier._buried
    buried = generation.database.execute("SELECT number, slot FROM dead WHERE number > ?", (seen,)).fetchall()
    living[np.array([slot for _, slot in buried], dtype=np.int64)] = False
    return living, max((number for number, _ in buried), default=seen)


def _mapped(path: Path, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    if not np.prod(shape):
        return np.zeros(shape, dtype=dtype)
    # As a plain array: each slice of a memmap would be made a memmap anew.
    return np.asarray(np.memmap(path, dtype=dtype, mode="r", shape=shape))
