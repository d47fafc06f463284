"""Jobs side by side: what was set differently, what came out, their curves over each other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.training.curves import Series, rows_of
from flowbuilder.training.models import Job
from flowbuilder.training.orders import ORDERS, recipe_settings

MOST = 6
"""Jobs in one comparison: more lines are not told apart."""
LETTERS = "ABCDEF"


@dataclass(frozen=True)
class Row:
    name: str
    values: list[Any]


@dataclass(frozen=True)
class Comparison:
    jobs: list[Job]

    @property
    def settings(self) -> list[Row]:
        """Those in which they differ; what was not named has its default."""
        each = [all_settings(job) for job in self.jobs]
        names = dict.fromkeys(name for settings in each for name in settings)
        rows = [Row(name, [settings.get(name) for settings in each]) for name in names]
        return [row for row in rows if any(value != row.values[0] for value in row.values)]

    @property
    def figures(self) -> list[Row]:
        """The last that each told, and what its version was measured to be."""
        each = [last_figures(job) for job in self.jobs]
        names = sorted({name for figures in each for name in figures})
        return [Row(name, [figures.get(name) for figures in each]) for name in names]

    @property
    def figures_shown(self) -> list[Row]:
        return [
            Row(row.name.replace("_", " "), [short(value) for value in row.values]) for row in self.figures
        ]

    @property
    def series(self) -> list[Series]:
        named = zip(LETTERS, self.jobs, strict=False)
        return [Series(f"{letter} {job}", rows_of(job)) for letter, job in named]


def compared(asker: Asker | None, ids: Sequence[str]) -> Comparison:
    """The asker's jobs of these ids, in their order. ``ApiError`` where one is not there, or they are too many."""
    wanted = list(dict.fromkeys(ids))
    if not 2 <= len(wanted) <= MOST:
        raise ApiError("invalid", f"Name 2 to {MOST} jobs, each as 'job'; there are {len(wanted)}.", 422)
    jobs = Job.objects.visible_to(asker).select_related(
        "base__model", "result__model", "dataset_version__dataset"
    )
    try:
        found = {str(job.pk): job for job in jobs.filter(pk__in=wanted)}
        return Comparison([found[str(uuid.UUID(each))] for each in wanted])
    except (KeyError, ValueError, ValidationError) as error:
        raise ApiError("not_found", "One of these jobs is not there, or not yours.", 404) from error


def all_settings(job: Job) -> dict[str, Any]:
    """With the defaults of what was not named, and what it learned from."""
    known = {
        "recipe": job.recipe,
        "base": job.base.ref if job.base else None,
        "dataset": job.dataset_version.ref if job.dataset_version else None,
    }
    node = ORDERS[job.recipe].node if job.recipe in ORDERS else None
    fields = node.model_fields if node else {}
    defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    return {**recipe_settings({**defaults, **job.settings}), **known}


def last_figures(job: Job) -> dict[str, float]:
    newest = job.metrics.order_by("-step").values_list("values", flat=True).first() or {}
    measured = job.result.metrics if job.result else {}
    return {**newest, **{f"version: {name}": value for name, value in measured.items()}}


def short(value: Any) -> str:
    """A figure with the digits that tell something."""
    if not isinstance(value, int | float):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.4g}"
