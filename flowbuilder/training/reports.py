"""What a recipe says while it works, stored under its job's fence: a holder that was replaced writes nothing."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from flowbuilder.leases import held
from flowbuilder.runs.log import append_parked
from flowbuilder.training.models import Job, JobAlarm, JobMetric, JobSample

REPORT_SECONDS = 0.5


class Reporter:
    """Stores a child's lines; the waiting run's node gets the newest figures as they come."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.told = 0.0
        self.error = ""
        self.figures: dict[str, float] | None = None
        self.report: dict[str, Any] = {}
        self.paused = False
        self.steps = 0
        """How many it has reported in this life: without one, it has come no further."""

    def take(self, line: dict[str, Any]) -> None:
        stored = {"metrics": self._metrics, "sample": self._sample, "alarm": self._alarm}
        match line.get("event", ""):
            case "metrics" | "sample" | "alarm" as event:
                with transaction.atomic():
                    if held(self.job).select_for_update().exists():
                        stored[event](line)
            case "failed":
                self.error = line["error"]
            case "paused":
                self.paused = True
            case "finished":
                self.figures = line["metrics"]
                self.report = line.get("report", {})

    def _metrics(self, line: dict[str, Any]) -> None:
        step, steps = line.pop("step"), line.pop("steps")
        line.pop("event")
        self.steps += 1
        self.job.step = step
        Job.objects.filter(pk=self.job.pk).update(step=step, steps=steps)
        fields = {"values": line, "at": timezone.now()}
        JobMetric.objects.update_or_create(job=self.job, step=step, defaults=fields)
        if self.job.run_id and (time.monotonic() - self.told > REPORT_SECONDS or step == steps):
            self.told = time.monotonic()
            figures = {"step": step, "steps": steps, **line, "job": str(self.job.pk)}
            append_parked(self.job.run_id, "node.report", self.job.node_id, {"kind": "metric", **figures})

    def _sample(self, line: dict[str, Any]) -> None:
        fields = {name: line[name] for name in ("prompt", "answer", "reward")}
        which = {"step": line["step"], "number": line.get("number", 0)}
        JobSample.objects.update_or_create(job=self.job, **which, defaults=fields)

    def _alarm(self, line: dict[str, Any]) -> None:
        fields = {"step": line["step"], "message": line["message"]}
        JobAlarm.objects.get_or_create(job=self.job, kind=line["kind"], defaults=fields)
