"""What is done to training jobs: started, cancelled, resumed, ended."""

from __future__ import annotations

import logging
import shutil
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Workspace
from flowbuilder.celery import app
from flowbuilder.runs.models import Status as RunStatus
from flowbuilder.runs.models import Wait
from flowbuilder.runs.services import answer_wait
from flowbuilder.training.models import ENDED, GOING_ON, STOPPED, Job, JobStatus
from flowbuilder.training.ordering import estimated, prepare, refusal
from nodes.base import NodeError

log = logging.getLogger(__name__)
RUN = "flowbuilder.training.tasks.run_job"
job_ended = Signal()
"""Sent with ``job`` once it has finished, failed or was cancelled, whatever has become of it."""
WAKE_AGAIN = timedelta(seconds=30)


def start_job(
    *,
    workspace_id: uuid.UUID,
    recipe: str,
    model: str,
    settings: dict[str, Any],
    data: Any,
    wait_key: str = "",
    run_id: uuid.UUID | None = None,
    node_id: str = "",
    priority: int = 0,
    processes: int = 1,
) -> Job:
    """Accept a job; the same key gives the same job. ``NodeError`` names what is wrong with the order."""
    if wait_key and (known := Job.objects.filter(wait_key=wait_key).first()):
        if known.status in {JobStatus.FAILED, JobStatus.CANCELLED}:
            resume_job(known)  # its run goes on from the failed node, so the job does too
        return known
    order = prepare(
        workspace_id=workspace_id,
        recipe=recipe,
        model=model,
        settings=settings,
        data=data,
        processes=processes,
    )
    if why := refusal(order):
        raise NodeError(why)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                workspace_id=workspace_id,
                recipe=recipe,
                base=order.base,
                settings=order.given,
                data=order.data,
                dataset_version=order.dataset,
                estimate=estimated(order),
                wait_key=wait_key or f"job:{uuid.uuid4()}",
                run_id=run_id,
                node_id=node_id,
                priority=priority,
                processes=processes,
                steps=order.settings.get("steps") or 0,
            )
    except IntegrityError:
        return Job.objects.get(wait_key=wait_key)
    transaction.on_commit(lambda: wake_worker(job))
    return job


def wake_worker(job: Job) -> None:
    try:
        app.send_task(RUN, [str(job.pk)], queue="train", retry=False, expires=60)
    except Exception as error:
        log.warning("job %s is accepted, but no worker could be woken: %s", job.pk, error)


def pause_job(job: Job) -> None:
    """At once when no worker holds it; else its worker lets it finish its step and write a checkpoint."""
    going = Job.objects.filter(pk=job.pk, status__in=GOING_ON)
    if job.status not in GOING_ON or not going.update(pause_requested=True):
        job.refresh_from_db()
        raise ApiError("conflict", f"Only a job that goes on can be paused; this one is {job.status}.", 409)
    Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED).update(
        status=JobStatus.PAUSED, pause_requested=False
    )


def cancel_job(job: Job) -> None:
    """At once when no worker holds it; else its worker stops it within seconds. Its checkpoints stay."""
    Job.objects.filter(pk=job.pk).exclude(status__in=ENDED).update(cancel_requested=True)
    if Job.objects.filter(pk=job.pk, status__in=[JobStatus.QUEUED, JobStatus.PAUSED]).update(
        status=JobStatus.CANCELLED, ended_at=timezone.now()
    ):
        ended(Job.objects.get(pk=job.pk))


def erase(workspace: Workspace) -> None:
    """Stop its jobs and take their folders away, before the workspace goes."""
    for job in Job.objects.filter(workspace=workspace):
        cancel_job(job)
        shutil.rmtree(job.folder, ignore_errors=True)


def resume_job(job: Job) -> None:
    """Go on from the last whole checkpoint."""
    stopped = Job.objects.filter(pk=job.pk, status__in=STOPPED)
    if not stopped.update(
        status=JobStatus.QUEUED,
        error="",
        cancel_requested=False,
        pause_requested=False,
        lives=0,
        ended_at=None,
        lease_until=timezone.now(),
    ):
        job.refresh_from_db()
        raise ApiError(
            "conflict", f"Only a paused, failed or cancelled job can go on; this one is {job.status}.", 409
        )
    wake_worker(job)


def set_priority(job: Job, priority: int) -> None:
    """Of a job that does not train yet, or not now."""
    resting = Job.objects.filter(pk=job.pk, status__in=[JobStatus.QUEUED, *STOPPED])
    if not resting.update(priority=priority):
        job.refresh_from_db()
        raise ApiError(
            "conflict", f"Priority decides which waiting job goes next; this one is {job.status}.", 409
        )


def ended(job: Job) -> None:
    """To be called once its status was written. A run that waits for a paused job waits on."""
    if job.ended:
        job_ended.send(Job, job=job)
        tell_run(job)


def tell_run(job: Job) -> None:
    """Give an ended job's result to the run that waits for it."""
    version = job.result
    if version is not None:
        answer_wait(job.wait_key, {"ref": version.ref, "kind": version.kind, "metrics": version.metrics})
    elif job.status == JobStatus.FINISHED:
        answer_wait(job.wait_key, {"report": job.report, "job": str(job.pk)})
    else:
        answer_wait(job.wait_key, {"error": job.error or "it was cancelled"})


def sweep() -> None:
    """Let go of what dead workers held, wake a worker for what waits, and tell runs that began to wait after their
    job had ended."""
    let_go_of_lost()
    for job in Job.objects.filter(
        status__in=[JobStatus.QUEUED, JobStatus.PAUSED], run__status=RunStatus.CANCELLED
    )[:100]:
        cancel_job(job)
    now = timezone.now()
    for job in Job.objects.filter(status=JobStatus.QUEUED, lease_until__lt=now)[:100]:
        # A wake-up may lie behind an hour-long job: one in half a minute is enough.
        Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED).update(lease_until=now + WAKE_AGAIN)
        wake_worker(job)
    waited_for = Wait.objects.filter(resolved_at=None, key__startswith="job:").values("key")
    for job in Job.objects.filter(status__in=ENDED, wait_key__in=waited_for).select_related("result__model")[
        :100
    ]:
        tell_run(job)


def let_go_of_lost() -> None:
    """A job whose worker has died waits again, or rests where that was asked for."""
    now = timezone.now()
    for job in Job.objects.filter(status=JobStatus.RUNNING, lease_until__lt=now)[:100]:
        lost = Job.objects.filter(pk=job.pk, fence=job.fence, status=JobStatus.RUNNING, lease_until__lt=now)
        if job.cancel_requested:
            if lost.update(status=JobStatus.CANCELLED, pause_requested=False, ended_at=now):
                ended(Job.objects.get(pk=job.pk))
        elif job.pause_requested:
            lost.update(status=JobStatus.PAUSED, pause_requested=False)
        else:
            lost.update(status=JobStatus.QUEUED)


@dataclass(frozen=True)
class NodeTraining:
    """``nodes.base.Training`` for one node of one run."""

    workspace_id: uuid.UUID
    run_id: uuid.UUID
    node_id: str

    async def start(self, *, recipe: str, model: str, settings: dict[str, Any], data: Any) -> str:
        job = await sync_to_async(start_job)(
            workspace_id=self.workspace_id,
            recipe=recipe,
            model=model,
            settings=settings,
            data=data,
            wait_key=f"job:{self.run_id}:{self.node_id}",
            run_id=self.run_id,
            node_id=self.node_id,
        )
        return job.wait_key
