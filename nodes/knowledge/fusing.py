"""What several searches found, as one list."""

from __future__ import annotations

from collections.abc import Sequence

from nodes.types import Passage

K = 60


def fused(found: Sequence[Sequence[Passage]]) -> list[Passage]:
    """Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009, k = 60): what is first everywhere has the score 1."""
    total: dict[str, float] = {}
    known: dict[str, Passage] = {}
    for ranking in found:
        for rank, passage in enumerate(ranking):
            key = passage.passage_id or f"{passage.source}\n{passage.text}"
            known.setdefault(key, passage)
            total[key] = total.get(key, 0.0) + (K + 1) / (K + 1 + rank)
    most = max(1, sum(bool(ranking) for ranking in found))
    best = sorted(total, key=lambda key: -round(total[key], 9))
    return [known[key].model_copy(update={"score": round(total[key] / most, 6)}) for key in best]
