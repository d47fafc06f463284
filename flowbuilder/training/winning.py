"""How often the new one is better, how sure that is, and how sure a difference of means is. No torch here."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from nodes.types import WinRate

Z = 1.959963984540054
"""The standard normal's quantile for 95 %."""
RESAMPLES = 1000
T = TypeVar("T")


def wilson(successes: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share: Wilson 1927, "Probable Inference, the Law of Succession, and Statistical
    Inference". ``successes`` may hold halves, for ties: the interval is then rather too wide than too narrow."""
    if not count:
        return 0.0, 1.0
    share, spread = successes / count, Z**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def sign_test(wins: int, losses: int) -> float:
    """How often a fair coin is at least as uneven, two-sided and exact; ties do not count.

    Dixon and Mood 1946, "The Statistical Sign Test".
    """
    count, most = wins + losses, max(wins, losses)
    tail = sum(math.comb(count, number) for number in range(most, count + 1))
    return min(1.0, 2 * tail / 2**count)


def win_rate(by: str, verdicts: Sequence[float], note: str = "") -> WinRate | None:
    """Of verdicts that are 1 where the new one is better, 0 where the old one is, 0.5 for a tie."""
    if not verdicts:
        return None
    wins, losses = verdicts.count(1), verdicts.count(0)
    ties = len(verdicts) - wins - losses
    low, high = wilson(wins + ties / 2, len(verdicts))
    rate = (wins + ties / 2) / len(verdicts)
    values = {"wins": wins, "losses": losses, "ties": ties, "rate": rate, "low": low, "high": high}
    return WinRate.model_validate({"by": by, "p": sign_test(wins, losses), "note": note, **values})


def bootstrap(
    rows: Sequence[T], statistic: Callable[[Sequence[T]], float | None], seed: int = 0
) -> tuple[float, float] | None:
    """The 95 % percentile interval of a statistic, over prompts drawn again with replacement: Efron and
    Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13. None for fewer than two rows."""
    if len(rows) < 2:
        return None
    rng = random.Random(seed)  # noqa: S311 - no secret
    drawn = (statistic(rng.choices(rows, k=len(rows))) for _ in range(RESAMPLES))
    values = sorted(value for value in drawn if value is not None)
    if not values:
        return None
    return values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))]
