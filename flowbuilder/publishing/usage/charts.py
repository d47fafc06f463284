"""Bars of days, drawn on the server: a page needs no script to show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WIDTH, HEIGHT = 300.0, 90.0
MOST_BARS = 400


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True)
class Chart:
    title: Any
    bars: list[Bar]
    highest: str
    first: date
    last: date


def chart(title: Any, values: Mapping[date, float], first: date, last: date, unit: str = "") -> Chart:
    """A bar for each day from ``first`` to ``last``; days without a value have none."""
    days = [first + timedelta(days=number) for number in range(min(MOST_BARS, (last - first).days + 1))]
    highest = max([values.get(day, 0.0) for day in days], default=0.0)
    step = WIDTH / max(1, len(days))
    bars = []
    for number, day in enumerate(days):
        value = values.get(day, 0.0)
        if value > 0:
            height = max(1.0, value / highest * HEIGHT)
            place = (number * step, HEIGHT - height, max(0.5, step * 0.8), height)
            bars.append(Bar(*(f"{side:.1f}" for side in place), title=f"{day}: {shown(value)}{unit}"))
    return Chart(title, bars, f"{shown(highest)}{unit}", first, last)


def shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.3g}"
