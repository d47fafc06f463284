"""A ``train`` worker's part: one job after the other, each in a child process that is watched until it ends."""

from __future__ import annotations

import json
import logging
import os
import queue
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from flowbuilder.leases import held
from flowbuilder.modelhub.registry import register_trained
from flowbuilder.runs.models import Status as RunStatus
from flowbuilder.training import devices, locks
from flowbuilder.training.child import Child
from flowbuilder.training.failures import reason_in
from flowbuilder.training.memory import Estimate
from flowbuilder.training.models import Job, JobStatus, TrainingDevice
from flowbuilder.training.orders import name_of, order_of, recipe_settings
from flowbuilder.training.queue import Taken, keep_lease, put_back, take_next
from flowbuilder.training.reports import Reporter
from flowbuilder.training.services import ended

log = logging.getLogger(__name__)
HEARTBEAT = 2.0
MAX_LIVES = 5
MAX_LIVES_IN_PLACE = 2
"""How often a job may be killed without having come a step further: it would be killed again."""
PAUSE_PATIENCE = 120.0
"""Seconds that a training may take to finish its step and write a checkpoint before it is killed."""
CANCEL_PATIENCE = 8.0


def run_waiting() -> None:
    """Train what waits, until nothing waits that this machine can train now."""
    while taken := take_next():
        if not run_taken(taken):
            return


def run_taken(taken: Taken) -> bool:
    """See a job through. False when its folder or device is still in somebody's hands: it waits again."""
    job = taken.job
    if job.lives > MAX_LIVES:
        end(job, JobStatus.FAILED, f"Its worker stopped {MAX_LIVES} times while training; given up.")
    elif why := too_large(taken):
        end(job, JobStatus.FAILED, why)
    else:
        return train(job, taken.devices)
    return True


def too_large(taken: Taken) -> str:
    """Why it cannot run here: the order was checked where it was given, and the largest machine may be another."""
    if not taken.job.estimate.get("needed"):
        return ""
    there = min(devices.share_of(device.memory) for device in taken.devices)
    return Estimate.model_validate(taken.job.estimate).refused_by(there)


def train(job: Job, given: list[TrainingDevice]) -> bool:
    child = None
    try:
        child = launched(job, given)
        watch(job, child)
    except locks.Held as error:
        log.warning("job %s waits again: %s", job.pk, error)
        put_back(job)
        return False
    except OSError as error:
        # Of its files and its process; what the recipe itself met, it says itself.
        end(job, JobStatus.FAILED, f"Its training could not be started or kept: {error.strerror}.")
    finally:
        if child is not None:
            child.kill()
    return True


def launched(job: Job, given: list[TrainingDevice]) -> Child:
    """Its recipe in a process that holds the locks of its folder and its devices."""
    locked: list[int] = []
    try:
        for path in lock_files(job, given):
            locked.append(locks.claim(path))
        config, seen = write_config(job), devices.environment(given)
        child = Child(job.recipe, config, job.folder / "log", job.processes, environment=seen, held=locked)
        locks.write_down(locked, child.process.pid)
        return child
    finally:
        # From here on the child alone holds them.
        for descriptor in locked:
            os.close(descriptor)


def lock_files(job: Job, given: list[TrainingDevice]) -> list[Path]:
    of_devices = Path(settings.HOME_DIR) / "devices"
    names = [device.uuid.replace("/", "_").replace(":", "-") for device in given]
    return [job.folder / "lock", *(of_devices / f"{name}.lock" for name in names)]


def write_config(job: Job) -> Path:
    """The recipe's own configuration, with models as folders."""
    order = order_of(job.recipe)
    learned_from = order.data.model_validate(job.data)
    config: dict[str, Any] = {
        "out_dir": job.folder / "out",
        "work_dir": job.folder / "work",
        **recipe_settings(job.settings),
        **learned_from.config(job.settings, learned_from.reward_model_of(job.workspace_id)),
        **learned_from.beside(job),
    }
    if job.base is not None:
        config["model"] = job.base.folder
    job.folder.mkdir(parents=True, exist_ok=True)
    path = job.folder / "config.json"
    path.write_text(json.dumps(config, default=str))
    return path


@dataclass
class Stop:
    """That somebody wants the training to stop, and how long it may take its leave."""

    status: JobStatus
    deadline: float


def watch(job: Job, child: Child) -> None:
    """Store what the child says, keep the lease, and stop it when that is asked for."""
    reporter, beat, stop = Reporter(job), 0.0, None
    while True:
        try:
            line = child.lines.get(timeout=0.5)
        except queue.Empty:
            line = {}
        if line is None:
            break
        reporter.take(line)
        if stop and time.monotonic() > stop.deadline:
            child.kill()
            break
        if time.monotonic() - beat > HEARTBEAT:
            beat = time.monotonic()
            if not keep_lease(job):
                log.warning("job %s was taken over by another worker; stopped", job.pk)
                return
            stop = asked_to_stop(job, child, stop)
    conclude(job, child, reporter, stop)


def asked_to_stop(job: Job, child: Child, stop: Stop | None) -> Stop | None:
    """Tell the child, again and again until it hears; to cancel what was being paused is to wait less."""
    cancel = Q(cancel_requested=True) | Q(run__status=RunStatus.CANCELLED)
    if Job.objects.filter(cancel, pk=job.pk).exists():
        wanted = Stop(JobStatus.CANCELLED, time.monotonic() + CANCEL_PATIENCE)
    elif Job.objects.filter(pk=job.pk, pause_requested=True).exists():
        wanted = Stop(JobStatus.PAUSED, time.monotonic() + PAUSE_PATIENCE)
    else:
        return stop
    child.pause()
    return wanted if stop is None or stop.status != wanted.status else stop


def conclude(job: Job, child: Child, reporter: Reporter, stop: Stop | None) -> None:
    """The child has ended: with a version, at somebody's wish, with a reason, or by a kill."""
    code = child.wait()
    if code == 0 and reporter.figures is not None:
        finish(job, reporter)
    elif stop is not None and not reporter.error:
        end(job, stop.status, "")
    elif reporter.paused:
        put_back(job)  # somebody else sent the signal, such as a machine that is being shut down
    elif code < 0 and not reporter.error and lives_on(job, reporter):
        # Killed from outside, perhaps for memory: it resumes from its checkpoint.
        log.warning(
            "job %s: its process was killed by signal %s; it goes on from its checkpoint", job.pk, -code
        )
        put_back(job)
    else:
        killed = f"its process was killed by signal {-code}, perhaps for memory" if code < 0 else ""
        why = reporter.error or reason_in(job.folder) or killed
        end(job, JobStatus.FAILED, why or "the recipe failed; the job's log says why")


def lives_on(job: Job, reporter: Reporter) -> bool:
    return job.lives < (MAX_LIVES if reporter.steps else MAX_LIVES_IN_PLACE)


def finish(job: Job, reporter: Reporter) -> None:
    order = order_of(job.recipe)
    job.report = reporter.report
    if order.makes is not None:
        job.result = register_trained(
            workspace_id=job.workspace_id,
            parent=job.base,
            folder=job.folder / "out",
            kind=order.makes,
            name=name_of(job.recipe, job.settings, job.base),
            job=str(job.pk),
            metrics=reporter.figures or {},
        )
    end(job, JobStatus.FINISHED, "")


def end(job: Job, status: JobStatus, error: str) -> None:
    """Write the end, or the pause, once, under the fence; and tell whoever waits for it."""
    fields = {
        "status": status,
        "error": error,
        "result": job.result,
        "report": job.report,
        "pause_requested": False,
    }
    with transaction.atomic():
        if not held(job).update(**fields, ended_at=None if status == JobStatus.PAUSED else timezone.now()):
            return
        devices.give_back(job)
    job.status, job.error = status, error
    ended(job)
