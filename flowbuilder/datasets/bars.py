"""Histograms as bars of an SVG, drawn on the server, so a page needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, GAP = 300.0, 80.0, 1.5


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    says: str
    """What it counts: ``40-60: 12``."""


@dataclass(frozen=True)
class Histogram:
    name: str
    bars: list[Bar]
    figures: dict[str, Any]
    top: float
    """Right end of the axis; longer texts are in the last bar."""


def histograms(lengths: dict[str, Any]) -> list[Histogram]:
    return [_histogram(name, figures) for name, figures in lengths.items()]


def _histogram(name: str, figures: dict[str, Any]) -> Histogram:
    counts, edges = figures["counts"], figures["edges"]
    step, highest = WIDTH / len(counts), max(*counts, 1)
    bars = [
        Bar(
            x=f"{number * step:.1f}",
            y=f"{HEIGHT - count / highest * HEIGHT:.1f}",
            width=f"{step - GAP:.1f}",
            height=f"{count / highest * HEIGHT:.1f}",
            says=f"{edges[number]:.0f}–{edges[number + 1]:.0f}: {count}",
        )
        for number, count in enumerate(counts)
        if count
    ]
    return Histogram(name, bars, figures, edges[-1])
