"""A job's figures as charts of one line a job: drawn on the server, so a page needs no script to show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from flowbuilder.training.models import Job, JobAlarm

WIDTH, HEIGHT = 300.0, 90.0
DRAWN = 200
"""Points of a line; a longer training is thinned to about as many."""
PART = "reward/"
"""Figures of this beginning are parts of one reward, and share a chart."""
PARTS = "reward by part"
REWARD = _("Reward")
GROUPS: dict[Any, tuple[str, ...]] = {
    REWARD: (
        *("reward", PARTS, "reward_spread", "accuracy", "held_out_accuracy", "token_accuracy"),
        *("margin", "chosen_reward", "rejected_reward", "score"),
    ),
    _("Policy"): (
        *("kl", "answer_kl", "entropy", "clip_fraction", "length", "cut_off", "repeated", "kl_weight"),
    ),
    _("Losses"): (
        *("loss", "held_out_loss", "policy_loss", "value_loss", "chosen_loss", "explained_variance"),
        "grad_norm",
    ),
    _("Speed"): (*("tokens_per_second", "seconds", "memory_mb", "gpu_memory_mb", "learning_rate", "tokens"),),
}
OTHERS = _("Others")
SMOOTHING = {"0": 0.0, "0.6": 0.6, "0.9": 0.9}


@dataclass(frozen=True)
class Line:
    """One job's, or one part's, in a chart."""

    number: int
    """Its place in the legend, from 0: the same job has the same in every chart."""
    name: str
    points: str
    """As SVG's ``points``: x,y pairs in a box of ``WIDTH`` by ``HEIGHT``."""
    smooth: str
    """The same, smoothed; empty where that is not asked for."""
    values: str
    """Steps and values behind the points, for a script that reads them out: ``1:0.25 2:0.5``."""
    last: str


@dataclass(frozen=True)
class Mark:
    """An alarm, where it was raised."""

    x: str
    message: str


@dataclass(frozen=True)
class Chart:
    name: str
    lines: list[Line]
    low: str
    high: str
    first: int
    last: int
    marks: list[Mark] = field(default_factory=list)

    @property
    def now(self) -> str:
        return self.lines[0].last


@dataclass(frozen=True)
class Group:
    title: Any
    charts: list[Chart]


@dataclass(frozen=True)
class Series:
    """One job's figures: (step, figures) in the order of steps."""

    name: str
    rows: Sequence[tuple[int, dict[str, Any]]]


def rows_of(job: Job) -> list[tuple[int, dict[str, Any]]]:
    """Thinned where it has many steps; the last one is there."""
    every = max(1, job.step // DRAWN)
    metrics = job.metrics.annotate(rest=F("step") % every)
    rows = list(metrics.filter(rest=0).values_list("step", "values"))
    newest = job.metrics.order_by("-step").values_list("step", "values").first()
    return rows if newest is None or (rows and rows[-1][0] == newest[0]) else [*rows, newest]


def grouped(
    series: Sequence[Series], *, alarms: Iterable[JobAlarm] = (), smoothing: float = 0.0
) -> list[Group]:
    """The charts, the telling ones first. Several jobs lie over each other; parts of a reward do where there is one."""
    names = dict.fromkeys(name for each in series for _, values in each.rows for name in values)
    charts = {name: _of_jobs(name, series, alarms, smoothing) for name in names if not name.startswith(PART)}
    parts = sorted(name for name in names if name.startswith(PART))
    if parts and len(series) == 1:
        charts[PARTS] = _of_parts(parts, series[0], alarms, smoothing)
    else:
        charts |= {name: _of_jobs(name, series, alarms, smoothing) for name in parts}
    placed = {
        title: [charts.pop(name) for name in wanted if name in charts] for title, wanted in GROUPS.items()
    }
    placed[REWARD] += [charts.pop(name) for name in parts if name in charts]
    placed[OTHERS] = [charts[name] for name in sorted(charts)]
    return [Group(title, found) for title, found in placed.items() if found]


def _of_jobs(name: str, series: Sequence[Series], alarms: Iterable[JobAlarm], smoothing: float) -> Chart:
    found = [(number, each.name, _values(name, each)) for number, each in enumerate(series)]
    return _chart(name, found, alarms, smoothing)


def _of_parts(parts: list[str], series: Series, alarms: Iterable[JobAlarm], smoothing: float) -> Chart:
    found = [
        (number, part.removeprefix(PART).replace("_", " "), _values(part, series))
        for number, part in enumerate(parts)
    ]
    return _chart(PARTS, found, alarms, smoothing)


def _values(name: str, series: Series) -> list[tuple[int, float]]:
    return [(step, values[name]) for step, values in series.rows if isinstance(values.get(name), int | float)]


def _chart(
    name: str,
    found: Sequence[tuple[int, str, list[tuple[int, float]]]],
    alarms: Iterable[JobAlarm],
    smoothing: float,
) -> Chart:
    lines = [(number, label, _thinned(values)) for number, label, values in found if values]
    every = [point for _, _, values in lines for point in values]
    low, high = min(value for _, value in every), max(value for _, value in every)
    first, last = min(step for step, _ in every), max(step for step, _ in every)

    def across(step: float) -> float:
        return (step - first) / max(1, last - first) * WIDTH

    def up(value: float) -> float:
        return HEIGHT / 2 if high == low else HEIGHT - (value - low) / (high - low) * HEIGHT

    def points(values: Iterable[tuple[int, float]]) -> str:
        return " ".join(f"{across(step):.1f},{up(value):.1f}" for step, value in values)

    return Chart(
        name=name.replace(PART, "reward: ").replace("_", " "),
        lines=[
            Line(
                number=number,
                name=label,
                points=points(values),
                smooth=points(smoothed(values, smoothing)) if smoothing else "",
                values=" ".join(f"{step}:{value:.4g}" for step, value in values),
                last=f"{values[-1][1]:.4g}",
            )
            for number, label, values in lines
        ],
        low=f"{low:.4g}",
        high=f"{high:.4g}",
        first=first,
        last=last,
        marks=[
            Mark(f"{across(alarm.step):.1f}", alarm.message)
            for alarm in alarms
            if first <= alarm.step <= last
        ],
    )


def smoothed(values: Sequence[tuple[int, float]], weight: float) -> list[tuple[int, float]]:
    """An exponential mean without the bias of its beginning (Kingma and Ba 2015, "Adam", section 3)."""
    mean, found = 0.0, []
    for count, (step, value) in enumerate(values, start=1):
        mean = weight * mean + (1 - weight) * value
        found.append((step, mean / (1 - weight**count)))
    return found


def _thinned(values: list[tuple[int, float]]) -> list[tuple[int, float]]:
    kept = values[:: max(1, len(values) // DRAWN)]
    return kept if kept[-1] == values[-1] else [*kept, values[-1]]
