"""How a set's measures went from run to run, as points of a small plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowbuilder.testcases.models import TestRun

NAMES = ("R@5", "RR", "nDCG@10", "right")
WIDTH, HEIGHT = 300, 100
NEWEST = 30


@dataclass(frozen=True)
class Line:
    name: str
    points: str
    last: float
    dots: list[tuple[float, float, str]]
    """Where each run stands, and what it had."""


def history(runs: Sequence[TestRun]) -> list[Line]:
    """A line for each measure that at least two of the runs have, oldest first."""
    runs = runs[-NEWEST:]
    lines = []
    for name in NAMES:
        having = [(at, run.metrics[name]) for at, run in enumerate(runs) if name in run.metrics]
        if len(having) < 2:
            continue
        across = WIDTH / (len(runs) - 1)
        dots = [
            (round(at * across, 1), round(HEIGHT * (1 - value), 1), f"{value:.3f}") for at, value in having
        ]
        lines.append(Line(name, " ".join(f"{x},{y}" for x, y, _ in dots), having[-1][1], dots))
    return lines
