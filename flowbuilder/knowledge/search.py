"""Hybrid search: dense and keyword ranks fused, the dense one dropped where it cannot read the question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

K1, B = 1.2, 0.75
FUSION = 60
UNKNOWN_LIMIT = 0.15


@dataclass(frozen=True)
class Hit:
    """``index`` into the passages that were searched; the parts are None where an index had no say."""

    index: int
    score: float
    dense: float | None
    keyword: float | None


def bm25(question: Sequence[str], passages: Sequence[Sequence[str]]) -> np.ndarray:
    """Okapi BM25 (Robertson & Zaragoza 2009, eq. 3.15) of each passage, shape (len(passages),)."""
    counts = [Counter(passage) for passage in passages]
    mean = sum(len(passage) for passage in passages) / max(1, len(passages)) or 1.0
    scores = np.zeros(len(passages))
    for word in set(question):
        holding = sum(1 for count in counts if word in count)
        if not holding:
            continue
        rarity = math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        for index, count in enumerate(counts):
            if often := count[word]:
                length = len(passages[index]) / mean
                scores[index] += rarity * often * (K1 + 1) / (often + K1 * (1 - B + B * length))
    return scores


def fuse(dense: np.ndarray | None, keyword: np.ndarray, limit: int) -> list[Hit]:
    """Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009, k = 60), best first.

    Scores are scaled so that the first of every index has 1.
    """
    total = np.zeros(len(keyword))
    used = 0
    for scores in (dense, keyword):
        if scores is None or not len(scores) or not np.any(scores > 0):
            continue
        used += 1
        for rank, index in enumerate(np.argsort(-scores, kind="stable")):
            if scores[index] > 0:
                total[index] += 1 / (FUSION + 1 + rank)
    total *= (FUSION + 1) / max(1, used)
    best = [int(index) for index in np.argsort(-total, kind="stable")[:limit] if total[index] > 0]
    return [
        Hit(
            index,
            round(float(total[index]), 4),
            None if dense is None else round(float(dense[index]), 4),
            round(float(keyword[index]), 4),
        )
        for index in best
    ]
