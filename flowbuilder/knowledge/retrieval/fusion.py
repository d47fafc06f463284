"""Several rankings of the same passages as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FUSION = 60


def fuse(rankings: Sequence[Sequence[int]], weights: Sequence[float] | None = None) -> dict[int, float]:
    """Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009, k = 60): passage id -> score, best first.

    Scaled so that what is first in every ranking has 1. A ranking that found nothing has no say.
    """
    said = [
        (ranking, 1.0 if weights is None else weights[place])
        for place, ranking in enumerate(rankings)
        if ranking
    ]
    most = sum(weight for _, weight in said) / (FUSION + 1)
    total: dict[int, float] = {}
    for ranking, weight in said:
        for rank, passage_id in enumerate(ranking):
            total[passage_id] = total.get(passage_id, 0.0) + weight / (FUSION + 1 + rank) / most
    # Rounded: the order of the rankings must not decide between equals.
    return best_first({passage_id: round(score, 9) for passage_id, score in total.items()})


def best_first(scores: Mapping[int, float]) -> dict[int, float]:
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
