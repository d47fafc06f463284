"""Recall, reciprocal rank and nDCG by ir-measures."""

from __future__ import annotations

from collections.abc import Sequence

import ir_measures
from ir_measures import RR, R, nDCG

MEASURES = [R @ 1, R @ 5, R @ 10, RR @ 10, nDCG @ 10]


def figures(right: Sequence[set[int]], rankings: Sequence[Sequence[int]]) -> list[float]:
    """The means over all questions; several passages may be right, each of them counts."""
    wanted = [
        ir_measures.Qrel(str(number), str(place), 1)
        for number, places in enumerate(right)
        for place in places
    ]
    given = [
        ir_measures.ScoredDoc(str(number), str(place), -rank)
        for number, ranking in enumerate(rankings)
        for rank, place in enumerate(ranking[:10])
    ]
    found = ir_measures.calc_aggregate(MEASURES, wanted, given)
    return [float(found[measure]) for measure in MEASURES]
