"""How good a ranking is, by ir-measures: recall@k, reciprocal rank, nDCG@k of one question, and their means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

DEPTHS = (1, 3, 5, 10)
NDCG_AT = 10
SHOWN = ("R@5", "RR", "nDCG@10")
"""Which of them a page shows first."""


def measured(ranking: Sequence[Sequence[int]], expected: Iterable[int]) -> dict[str, float]:
    """``ranking``: for each hit, best first, which expected passages it covers.

    A passage counts where it is covered first. A hit that covers several takes as many places in a row.
    """
    import ir_measures
    from ir_measures import RR, R, nDCG

    wanted = {str(one): 1 for one in expected}
    if not wanted:
        return {}
    order: list[str] = []
    for place, covered in enumerate(ranking):
        fresh = [str(one) for one in covered if str(one) in wanted and str(one) not in order]
        order += fresh or [f"hit-{place}"]
    run = {"q": {name: float(len(order) - at) for at, name in enumerate(order)}}
    wished = [*(R @ depth for depth in DEPTHS), RR, nDCG @ NDCG_AT]
    if not order:
        return {str(measure): 0.0 for measure in wished}
    found = ir_measures.iter_calc(wished, {"q": wanted}, run)
    return {str(one.measure): round(float(one.value), 4) for one in found}


def means(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Of each measure over the rows that have it."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {
        name: round(sum(row[name] for row in rows if name in row) / sum(name in row for row in rows), 4)
        for name in names
    }
