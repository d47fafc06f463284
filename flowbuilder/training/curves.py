"""A job's figures as curves: points of an SVG line, drawn on the server, so a page needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 300.0, 90.0
DRAWN = 300
"""Points of a line; a longer training is thinned to as many."""
FIRST = ("reward", "accuracy", "loss", "kl", "length", "entropy", "reward_spread", "repeated", "cut_off")


@dataclass(frozen=True)
class Curve:
    name: str
    points: str
    """As SVG's ``points``: x,y pairs in a box of ``WIDTH`` by ``HEIGHT``."""
    low: str
    high: str
    last: str


def curves(rows: Sequence[tuple[int, dict[str, Any]]]) -> list[Curve]:
    """One curve a figure, the telling ones first. ``rows`` are (step, figures) in the order of steps."""
    names = {name for _, values in rows for name in values}
    order = sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return [_curve(name, [(step, values[name]) for step, values in rows if name in values]) for name in order]


def _curve(name: str, series: list[tuple[int, float]]) -> Curve:
    values = [value for _, value in series]
    low, high = min(values), max(values)
    first, last = series[0][0], series[-1][0]
    thinned = series[:: max(1, len(series) // DRAWN)]
    if thinned[-1] != series[-1]:
        thinned.append(series[-1])
    points = " ".join(
        f"{(step - first) / max(1, last - first) * WIDTH:.1f},{_height(value, low, high):.1f}"
        for step, value in thinned
    )
    shown = (f"{value:.4g}" for value in (low, high, values[-1]))
    return Curve(name.replace("_", " "), points, *shown)


def _height(value: float, low: float, high: float) -> float:
    return HEIGHT / 2 if high == low else HEIGHT - (value - low) / (high - low) * HEIGHT
