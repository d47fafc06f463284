"""The mathematics of A/B tests that may be looked at once, and of a single chance that may be looked at any time.

An outcome is good or bad. For a chance p, M(p) = ∫ L(q) dBeta(q; ½, ½) / L(p) is a martingale that starts at 1, so by
Ville's inequality it ever reaches 1/α with a chance of at most α, and the values of p for which it has not are an
interval that holds at any look: Robbins, "Statistical methods related to the law of the iterated logarithm" (1970);
Howard et al., "Time-uniform, nonparametric, nonasymptotic confidence sequences" (2021). Nothing here is asymptotic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HALVINGS = 50


@dataclass(frozen=True)
class Counts:
    good: int = 0
    bad: int = 0

    @property
    def total(self) -> int:
        return self.good + self.bad

    @property
    def rate(self) -> float | None:
        return self.good / self.total if self.total else None


def chance(counts: Counts, alpha: float) -> tuple[float, float]:
    """Always valid interval of one chance."""
    mixture = _log_mixture(counts)
    at = counts.rate if counts.rate is not None else 0.5
    return _within(lambda value: mixture - _log_likelihood(value, counts), at, 0.0, 1.0, alpha)


def p_value_of_half(counts: Counts) -> float:
    """Always valid: that both sides win equally often."""
    return min(1.0, math.exp(_log_likelihood(0.5, counts) - _log_mixture(counts)))


def fisher(control: Counts, challenger: Counts) -> float:
    """Fixed horizon: Fisher's exact test, two sides, as probable as what was seen or less (1922)."""
    good, total = control.good + challenger.good, control.total + challenger.total
    lowest, highest = max(0, good - challenger.total), min(good, control.total)

    def log_chance(of_control: int) -> float:
        return (
            _log_choose(control.total, of_control)
            + _log_choose(challenger.total, good - of_control)
            - _log_choose(total, good)
        )

    seen = log_chance(control.good) + 1e-7
    found = (log_chance(count) for count in range(lowest, highest + 1))
    return min(1.0, math.fsum(math.exp(value) for value in found if value <= seen))


def sign_test(counts: Counts) -> float:
    """Fixed horizon: that good and bad are equally likely, exactly, two sides."""
    rarer, total = min(counts.good, counts.bad), counts.total
    tail = math.fsum(math.exp(_log_choose(total, count) - total * math.log(2)) for count in range(rarer + 1))
    return min(1.0, 2 * tail)


def sample_ratio(seen: Sequence[int], shares: Sequence[float]) -> float:
    """Chi-squared p-value that ``seen`` was drawn with these shares: Fabijan et al., "Diagnosing sample ratio
    mismatch in online controlled experiments" (2019)."""
    total, whole = sum(seen), sum(shares)
    if not total:
        return 1.0
    expected = [total * share / whole for share in shares]
    statistic = sum((count - wanted) ** 2 / wanted for count, wanted in zip(seen, expected, strict=True))
    return _chi_squared_tail(statistic, len(seen) - 1)


def _log_mixture(counts: Counts) -> float:
    """Of the outcomes' likelihood under Beta(½, ½)."""
    return _log_beta(counts.good + 0.5, counts.bad + 0.5) - _log_beta(0.5, 0.5)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _log_choose(total: int, chosen: int) -> float:
    return math.lgamma(total + 1) - math.lgamma(chosen + 1) - math.lgamma(total - chosen + 1)


def _log_likelihood(value: float, counts: Counts) -> float:
    return _times_log(counts.good, value) + _times_log(counts.bad, 1.0 - value)


def _times_log(count: int, value: float) -> float:
    if not count:
        return 0.0
    return count * math.log(value) if value > 0 else -math.inf


def _within(
    evidence: Callable[[float], float], middle: float, low: float, high: float, alpha: float
) -> tuple[float, float]:
    """Where the evidence against a value stays below 1/α; it grows on both sides of ``middle``."""
    limit = -math.log(alpha)
    return _edge(evidence, middle, low, limit), _edge(evidence, middle, high, limit)


def _edge(evidence: Callable[[float], float], inside: float, outside: float, limit: float) -> float:
    if evidence(outside) < limit:
        return outside
    for _ in range(HALVINGS):
        between = (inside + outside) / 2
        if evidence(between) < limit:
            inside = between
        else:
            outside = between
    return inside


def _chi_squared_tail(statistic: float, degrees: int) -> float:
    """Closed form for whole degrees of freedom: Abramowitz and Stegun (1964), 26.4.4 and 26.4.5."""
    half = statistic / 2
    odd = degrees % 2
    power, tail = (0.5, math.erfc(math.sqrt(half))) if odd else (0.0, 0.0)
    for _ in range(degrees // 2):
        tail += math.exp(-half) * half**power / math.gamma(power + 1)
        power += 1
    return tail
