"""The keyword index: Okapi BM25 over segmented words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

K1, B = 1.2, 0.75


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
