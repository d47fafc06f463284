"""How sure a share is."""

import math
import random
from collections.abc import Sequence
from statistics import fmean

Interval = tuple[float, float]


def wilson(right: int, of: int, z: float = 1.96) -> Interval:
    """Of a share of independent yes-or-no trials: Wilson 1927, "Probable Inference", equation on page 212."""
    if not of:
        return 0.0, 1.0
    share = right / of
    middle = share + z * z / (2 * of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = ((middle + side) / (1 + z * z / of) for side in (-reach, reach))
    return min(max(low, 0.0), share), max(min(high, 1.0), share)


def bootstrapped(groups: Sequence[Sequence[float]], rounds: int = 2000, seed: int = 0) -> Interval:
    """95 % of a mean over values in groups (the answers to one prompt, say), which are drawn as wholes.

    The percentile interval of Efron 1979, "Bootstrap Methods: Another Look at the Jackknife".
    """
    rng = random.Random(seed)
    sums = [(math.fsum(group), len(group)) for group in groups]
    means = []
    for _ in range(rounds):
        drawn = rng.choices(sums, k=len(sums))
        means.append(sum(total for total, _ in drawn) / sum(count for _, count in drawn))
    means.sort()
    return means[round(0.025 * rounds)], means[round(0.975 * rounds) - 1]


def wins(new: Sequence[float], old: Sequence[float]) -> list[float]:
    """1 where the new one is better, 0 where the old one is, and a half of what is equal."""
    return [0.5 + 0.5 * ((a > b) - (a < b)) for a, b in zip(new, old, strict=True)]


def spread(values: Sequence[float]) -> dict[str, float]:
    return {"mean": fmean(values), "least": min(values), "most": max(values)}
