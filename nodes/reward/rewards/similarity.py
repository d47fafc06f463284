"""Rewards text that shares letter groups with a reference (chrF, Popović 2015)."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from nodes.reward.rewards.setting import Measured, RewardSetting

LONGEST_GROUP = 6
RECALL_WEIGHT = 2
COMPARED = 20_000
"""Letters of each text that are looked at, so that a run-away answer costs no more than a long one."""


def similarity(text: str, *, prompt: str = "", reference: str = "") -> Measured:
    """chrF2 of letter groups of 1 to 6, spaces left out: 1 for equal, 0 when nothing is shared."""
    ours, theirs = ("".join(side[:COMPARED].split()) for side in (text, reference))
    if not ours or not theirs:
        return float(ours == theirs), "nothing to compare with" if not theirs else "empty"
    precision, recall = [], []
    for size in range(1, LONGEST_GROUP + 1):
        left, right = _groups(ours, size), _groups(theirs, size)
        shared = (left & right).total()
        if left and right:
            precision.append(shared / left.total())
            recall.append(shared / right.total())
    p, r = sum(precision) / len(precision), sum(recall) / len(recall)
    weight = RECALL_WEIGHT**2
    value = (1 + weight) * p * r / (weight * p + r) if p + r else 0.0
    return min(value, 1.0), f"shares {value:.0%} of its letter groups with the reference"


def _groups(text: str, size: int) -> Counter[str]:
    return Counter(text[start : start + size] for start in range(len(text) - size + 1))


class Similarity(RewardSetting):
    """How close is its wording to the reference?"""

    kind: Literal["similarity"] = "similarity"

    def measure(self, text: str, *, prompt: str = "", reference: str = "") -> Measured:
        return similarity(text, reference=reference)
