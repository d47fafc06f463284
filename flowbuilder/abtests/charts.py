"""Each arm's rate as it settled: a line, and the band that holds it at any time, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flowbuilder.abtests.models import Arm
from flowbuilder.abtests.outcomes import Outcome
from flowbuilder.abtests.statistics import Counts, chance

WIDTH, HEIGHT = 300.0, 100.0
DRAWN = 60
"""Points of a line; more outcomes are thinned to as many."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """Points as SVG's ``points``, in a box of ``WIDTH`` by ``HEIGHT`` whose top is 100 %."""

    line: str
    band: str
    beside: str
    """The control's line, on every other arm's chart."""


def charts(
    arms: Sequence[Arm], outcomes: Sequence[Outcome], alpha: float, begin: datetime, end: datetime
) -> list[Chart]:
    """One an arm, all on the same axes."""
    span = max((end - begin).total_seconds(), 1.0)
    drawn = []
    for arm in arms:
        rates = [
            ((at - begin).total_seconds() / span * WIDTH, counts) for at, counts in _cumulative(arm, outcomes)
        ]
        line = [(x, counts.rate or 0.0) for x, counts in rates]
        bounds = [(x, *chance(counts, alpha)) for x, counts in rates]
        band = [(x, high) for x, _, high in bounds] + [(x, low) for x, low, _ in reversed(bounds)]
        drawn.append((_lasting(line), _lasting_band(band)))
    control = drawn[0][0]
    return [
        Chart(_points(line), _points(band), _points(control) if number else "")
        for number, (line, band) in enumerate(drawn)
    ]


def _cumulative(arm: Arm, outcomes: Sequence[Outcome]) -> list[tuple[datetime, Counts]]:
    good, bad, found = 0, 0, []
    for outcome in outcomes:
        if outcome.arm == arm.pk:
            good, bad = good + outcome.good, bad + (not outcome.good)
            found.append((outcome.at, Counts(good, bad)))
    return found[:: max(1, len(found) // DRAWN)] + found[-1:] if found else []


def _lasting(line: list[Point]) -> list[Point]:
    """What was last seen holds until now."""
    return [*line, (WIDTH, line[-1][1])] if line else []


def _lasting_band(band: list[Point]) -> list[Point]:
    middle = len(band) // 2
    if not band:
        return []
    return [*band[:middle], (WIDTH, band[middle - 1][1]), (WIDTH, band[middle][1]), *band[middle:]]


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{HEIGHT * (1 - rate):.1f}" for x, rate in points)
