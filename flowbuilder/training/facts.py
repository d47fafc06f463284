"""What a job's page tells in figures: how fast, how much, how long, and how that was foretold."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from flowbuilder.training.comparing import all_settings
from flowbuilder.training.duration import spoken
from flowbuilder.training.memory import size
from flowbuilder.training.models import Job, JobStatus

MEGABYTE = 2**20


def facts(job: Job) -> list[tuple[str, str]]:
    """Name and value; what is not known is left out."""
    newest = job.metrics.order_by("-step").values_list("values", flat=True).first() or {}
    found = [
        (_("Trained parameters"), parameters(job)),
        (_("Tokens a second"), number(newest.get("tokens_per_second"))),
        (_("Memory"), memory(job, newest)),
        (_("Time"), time(job)),
        (_("Learning rate"), number(newest.get("learning_rate"))),
        (_("Data"), job.dataset_version.ref if job.dataset_version else ""),
        (_("Device"), devices(job)),
        (_("Early stop"), early_stop(job)),
        (_("Priority"), str(job.priority) if job.priority else ""),
    ]
    return [(name, value) for name, value in found if value]


def parameters(job: Job) -> str:
    told = job.estimate
    if not told.get("parameters"):
        return ""
    all_, trained = told["parameters"], told["trained"]
    return (
        f"{all_:,}"
        if all_ == trained
        else _("%(some)s of %(all)s") % {"some": f"{trained:,}", "all": f"{all_:,}"}
    )


def memory(job: Job, newest: dict[str, Any]) -> str:
    used = newest.get("gpu_memory_mb") or newest.get("memory_mb")
    foretold = size(job.estimate["needed"]) if job.estimate.get("needed") else ""
    if not used:
        return _("about %(size)s expected") % {"size": foretold} if foretold else ""
    now = size(used * MEGABYTE)
    return _("%(now)s, %(size)s expected") % {"now": now, "size": foretold} if foretold else now


def time(job: Job) -> str:
    foretold = expected(job.estimate)
    if not (job.started_at and job.ended_at) or job.status != JobStatus.FINISHED:
        return _("%(time)s expected") % {"time": foretold} if foretold else ""
    took = spoken((job.ended_at - job.started_at).total_seconds())
    return _("%(took)s, %(time)s expected") % {"took": took, "time": foretold} if foretold else took


def expected(estimate: dict[str, Any]) -> str:
    """The range, as one says it; empty where none was told."""
    if not estimate.get("seconds"):
        return ""
    low, high = (spoken(seconds) for seconds in estimate["seconds"])
    return low if low == high else f"{low} – {high}"


def devices(job: Job) -> str:
    return ", ".join(str(device.name) for device in job.devices.all())


def early_stop(job: Job) -> str:
    settings = all_settings(job)
    if not settings.get("patience"):
        return ""
    words = _("after %(steps)s steps without a gain above %(gain)s")
    return words % {"steps": settings["patience"], "gain": settings.get("min_gain", 0)}


def number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.4g}"
