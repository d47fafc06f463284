"""A ``train`` worker's part: one job, one child process, watched until it ends."""

from __future__ import annotations

import json
import logging
import queue
import time
import uuid
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from flowbuilder.modelhub.registry import register_trained
from flowbuilder.runs.log import append_parked
from flowbuilder.runs.models import Status as RunStatus
from flowbuilder.training.child import Child
from flowbuilder.training.memory import Estimate, room
from flowbuilder.training.models import Job, JobAlarm, JobMetric, JobSample, JobStatus
from flowbuilder.training.orders import order_of, recipe_settings
from flowbuilder.training.services import job_ended, tell_run

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=15)
HEARTBEAT = 2.0
MAX_LIVES = 5
REPORT_SECONDS = 0.5


def run_job(job_id: str) -> None:
    """Take the job, if it is free, and see it through. Another worker's job is left alone."""
    job = take_lease(uuid.UUID(job_id))
    if job is None:
        return
    if job.lives > MAX_LIVES:
        end(job, JobStatus.FAILED, f"Its worker stopped {MAX_LIVES} times while training; given up.")
        return
    if why := too_large(job):
        end(job, JobStatus.FAILED, why)
        return
    child = Child(job.recipe, write_config(job), job.folder / "log")
    try:
        watch(job, child)
    finally:
        child.kill()


def take_lease(job_id: uuid.UUID) -> Job | None:
    now = timezone.now()
    free = Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_until__lt=now)
    job = Job.objects.filter(free, pk=job_id).select_related("base__model", "run").first()
    if job is None:
        return None
    taken = Job.objects.filter(free, pk=job_id, fence=job.fence).update(
        status=JobStatus.RUNNING,
        fence=job.fence + 1,
        lives=job.lives + 1,
        lease_until=now + LEASE,
        started_at=job.started_at or now,
    )
    job.fence, job.lives, job.status = job.fence + 1, job.lives + 1, JobStatus.RUNNING
    return job if taken else None


def too_large(job: Job) -> str:
    """Why it cannot run here: the order was checked where it was given, which may be another machine."""
    return Estimate.model_validate(job.estimate).refused_by(room()) if job.estimate else ""


def write_config(job: Job) -> Any:
    """The recipe's own configuration, with models as folders."""
    order = order_of(job.recipe)
    learned_from = order.data.model_validate(job.data)
    config: dict[str, Any] = {
        "out_dir": job.folder / "out",
        "work_dir": job.folder / "work",
        **recipe_settings(job.settings),
        **learned_from.config(job.settings, learned_from.reward_model_of(job.workspace_id)),
    }
    if job.base is not None:
        config["model"] = job.base.folder
    job.folder.mkdir(parents=True, exist_ok=True)
    path = job.folder / "config.json"
    path.write_text(json.dumps(config, default=str))
    return path


def watch(job: Job, child: Child) -> None:
    """Store what the child says, keep the lease, and stop it when that is asked for."""
    reporter, beat = Reporter(job), 0.0
    while True:
        try:
            line = child.lines.get(timeout=0.5)
        except queue.Empty:
            line = {}
        if line is None:
            break
        reporter.take(line)
        if time.monotonic() - beat > HEARTBEAT:
            beat = time.monotonic()
            if not keep_lease(job):
                log.warning("job %s was taken over by another worker; stopped", job.pk)
                return
            if wanted_to_stop(job):
                child.kill()
                end(job, JobStatus.CANCELLED, "")
                return
    conclude(job, child, reporter)


def keep_lease(job: Job) -> bool:
    held = Job.objects.filter(pk=job.pk, fence=job.fence, status=JobStatus.RUNNING)
    return bool(held.update(lease_until=timezone.now() + LEASE))


def wanted_to_stop(job: Job) -> bool:
    asked = Q(cancel_requested=True) | Q(run__status=RunStatus.CANCELLED)
    return bool(Job.objects.filter(asked, pk=job.pk).exists())


class Reporter:
    """Stores a child's lines; the waiting run's node gets the newest figures as they come."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.told = 0.0
        self.error = ""
        self.figures: dict[str, float] | None = None
        self.report: dict[str, Any] = {}

    def take(self, line: dict[str, Any]) -> None:
        known = {"metrics": self._metrics, "sample": self._sample, "alarm": self._alarm}
        handler = known.get(line.get("event", ""))
        if handler:
            handler(line)
        elif line.get("event") == "failed":
            self.error = line["error"]
        elif line.get("event") == "finished":
            self.figures = line["metrics"]
            self.report = line.get("report", {})

    def _metrics(self, line: dict[str, Any]) -> None:
        step, steps = line.pop("step"), line.pop("steps")
        line.pop("event")
        Job.objects.filter(pk=self.job.pk, fence=self.job.fence).update(step=step, steps=steps)
        JobMetric.objects.update_or_create(job=self.job, step=step, defaults={"values": line})
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


def conclude(job: Job, child: Child, reporter: Reporter) -> None:
    """The child has ended: with a version, with a reason, or by a kill."""
    code = child.wait()
    if code == 0 and reporter.figures is not None:
        order = order_of(job.recipe)
        job.report = reporter.report
        if order.makes is not None:
            job.result = register_trained(
                workspace_id=job.workspace_id,
                parent=job.base,
                folder=job.folder / "out",
                kind=order.makes,
                name=job.settings.get("name") or f"{job.base.model.name}{order.suffix}",
                job=str(job.pk),
                metrics=reporter.figures,
            )
        end(job, JobStatus.FINISHED, "")
    elif code < 0 and not reporter.error and job.lives < MAX_LIVES:
        # Killed from outside, perhaps for memory: the lease runs out at once and it resumes from its checkpoint.
        log.warning(
            "job %s: its process was killed by signal %s; it goes on from its checkpoint", job.pk, -code
        )
        Job.objects.filter(pk=job.pk, fence=job.fence).update(lease_until=timezone.now())
    else:
        killed = f"its process was killed by signal {-code}, perhaps for memory" if code < 0 else ""
        end(job, JobStatus.FAILED, reporter.error or killed or "the recipe failed; the job's log says why")


def end(job: Job, status: JobStatus, error: str) -> None:
    """Write the end once, under the fence, and wake the run that waits for it."""
    held = Job.objects.filter(pk=job.pk, fence=job.fence, status=JobStatus.RUNNING)
    ended = {"status": status, "error": error, "result": job.result, "report": job.report}
    if not held.update(**ended, ended_at=timezone.now()):
        return
    job.status, job.error = status, error
    job_ended.send(Job, job=job)
    tell_run(job)
