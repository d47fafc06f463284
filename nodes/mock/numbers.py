"""Numbers within bounds, in steps, near what is usual or what was said."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

FARTHEST = Fraction(10**15)
"""In place of a bound such as 1e999, which JSON can write and no float holds."""
TRIES = 200


def exact(number: float | int) -> Fraction:
    """What is written: 0.1 is a tenth, not the nearest binary fraction."""
    if isinstance(number, float) and not math.isfinite(number):
        return FARTHEST if number > 0 else -FARTHEST
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


@dataclass
class Span:
    """Which numbers are allowed."""

    low: Fraction | None = None
    above: Fraction | None = None
    """Exclusive bound."""
    high: Fraction | None = None
    below: Fraction | None = None
    steps: list[Fraction] = field(default_factory=list)

    def at_least(self, number: float | int) -> None:
        self.low = exact(number) if self.low is None else max(self.low, exact(number))

    def at_most(self, number: float | int) -> None:
        self.high = exact(number) if self.high is None else min(self.high, exact(number))

    def more_than(self, number: float | int) -> None:
        self.above = exact(number) if self.above is None else max(self.above, exact(number))

    def less_than(self, number: float | int) -> None:
        self.below = exact(number) if self.below is None else min(self.below, exact(number))

    @property
    def step(self) -> Fraction | None:
        """The least common multiple of all steps."""
        if not self.steps:
            return None
        numerator = math.lcm(*(step.numerator for step in self.steps))
        return Fraction(numerator, math.gcd(*(step.denominator for step in self.steps)))

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        lows = [end for end in (self.low, self.above) if end is not None]
        highs = [end for end in (self.high, self.below) if end is not None]
        return max(lows, default=None), min(highs, default=None)

    def allows(self, number: Fraction) -> bool:
        return (
            (self.low is None or number >= self.low)
            and (self.high is None or number <= self.high)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


def number_in(span: Span, usual: tuple[float, float, int], rng: Random, whole: bool, near: Any = None) -> Any:
    """A number that is allowed, or None where none is found.

    ``usual`` are the ends and the decimals of what such a number mostly is; ``near`` is what was said instead.
    """
    wanted = _number(near)
    low, high = _within(span, usual) if wanted is None else _around(span, wanted)
    if low > high:
        return None
    step = span.step or (Fraction(1) if whole else None)
    if whole and step is not None and step.denominator != 1:
        step = Fraction(step.numerator)
    decimals = usual[2]
    for attempt in range(TRIES):
        if wanted is not None:
            target = min(max(wanted, low), high)
        else:
            target = low + (high - low) * Fraction(rng.random())
        made = _stepped(
            target, step, decimals + attempt // 8, low, high, attempt if wanted is not None else 0
        )
        if span.allows(made) and _survives(made, span, whole):
            return int(made) if whole else float(made)
    return None


def _within(span: Span, usual: tuple[float, float, int]) -> tuple[Fraction, Fraction]:
    """What is usual, as far as it is allowed; else what is allowed."""
    low, high = span.ends
    first, last = exact(usual[0]), exact(usual[1])
    width = last - first
    if low is not None and high is not None:
        inner = max(low, first), min(high, last)
        return inner if inner[0] < inner[1] and _roomy(span, inner) else (low, high)
    if low is not None:
        return (max(low, first), last) if low < last else (low, low + max(width, Fraction(1), *span.steps))
    if high is not None:
        return (
            (first, min(high, last)) if high > first else (high - max(width, Fraction(1), *span.steps), high)
        )
    return first, max(last, *span.steps) if span.steps else last


def _around(span: Span, wanted: Fraction) -> tuple[Fraction, Fraction]:
    """All that is allowed, with room for some steps where there is no end."""
    low, high = span.ends
    room = max(abs(wanted), Fraction(1)) + TRIES * max(span.step or 0, Fraction(1))
    return wanted - room if low is None else low, wanted + room if high is None else high


def _roomy(span: Span, ends: tuple[Fraction, Fraction]) -> bool:
    return span.step is None or (ends[1] - ends[0]) >= span.step


def _number(near: Any) -> Fraction | None:
    if isinstance(near, bool):
        return None
    try:
        number = float(near)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    return exact(near) if isinstance(near, int | float) else exact(number)


def _stepped(
    target: Fraction, step: Fraction | None, decimals: int, low: Fraction, high: Fraction, away: int
) -> Fraction:
    """The target on the grid of the step; ``away`` steps off, to both sides in turn."""
    if step is None:
        step = Fraction(1, 10 ** min(decimals, 12))
        if away == 0:
            rounded = Fraction(round(target / step)) * step
            return rounded if low <= rounded <= high else target
    count = round(target / step) + (-1) ** away * ((away + 1) // 2)
    count = min(max(count, math.ceil(low / step)), math.floor(high / step))
    return Fraction(count * step)


def _survives(number: Fraction, span: Span, whole: bool) -> bool:
    """As a float it is still what it was, also to validators that divide floats to find a multiple."""
    written = float(number)
    if not whole and not span.allows(exact(written)):
        return False
    parts = [step for step in span.steps if step.denominator != 1]
    return all((written / float(step)).is_integer() for step in parts)
