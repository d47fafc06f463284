"""Which job goes next, decided in the database: whatever wakes a worker, it takes the same one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from flowbuilder.leases import held
from flowbuilder.training import devices
from flowbuilder.training.models import Job, JobStatus, TrainingDevice

LEASE = timedelta(seconds=15)
LOOKED_AT = 100
"""Jobs at the head of the queue that a worker considers."""


@dataclass(frozen=True)
class Taken:
    """A job and its devices, under one lease."""

    job: Job
    devices: list[TrainingDevice]


def waiting() -> QuerySet[Any]:
    """The one with the highest priority first, of equal ones the oldest."""
    return Job.objects.filter(status=JobStatus.QUEUED).order_by("-priority", "created_at", "pk")


def position(job: Job) -> int:
    """Place in the queue, from 1; 0 for what does not wait."""
    if job.status != JobStatus.QUEUED:
        return 0
    same = Q(priority=job.priority)
    older = Q(created_at__lt=job.created_at) | Q(created_at=job.created_at, pk__lt=job.pk)
    return waiting().filter(Q(priority__gt=job.priority) | same & older).count() + 1


def take_next() -> Taken | None:
    """The first job that this machine is large enough for, once its devices are free.

    Nothing smaller is let past a job that waits for devices of this machine: it would never get enough of them.
    """
    here = devices.announce()
    for job in waiting().select_related("base__model", "run")[:LOOKED_AT]:
        if devices.needed(job, here) > len(here):
            continue
        with transaction.atomic():
            taken = take_lease(job.pk)
            if taken is None:
                continue  # another worker was faster by a moment
            if found := devices.take(taken, here, LEASE):
                return Taken(taken, found)
            transaction.set_rollback(True)
            return None
    return None


def take_lease(job_id: Any) -> Job | None:
    """The job under a new fence; None when it does not wait, or another holds it."""
    now = timezone.now()
    free = Job.objects.filter(pk=job_id, status=JobStatus.QUEUED)
    job = free.select_related("base__model", "run").first()
    if job is None:
        return None
    fields = {
        "status": JobStatus.RUNNING,
        "fence": job.fence + 1,
        "lives": job.lives + 1,
        "lease_until": now + LEASE,
        "started_at": job.started_at or now,
    }
    if not free.filter(fence=job.fence).update(**fields):
        return None
    for name, value in fields.items():
        setattr(job, name, value)
    return job


def keep_lease(job: Job) -> bool:
    until = timezone.now() + LEASE
    with transaction.atomic():
        if not held(job).update(lease_until=until):
            return False
        devices.keep(job, until)
    return True


def put_back(job: Job) -> None:
    """It waits again, in its old place: its training has stopped without an end."""
    with transaction.atomic():
        if held(job).update(status=JobStatus.QUEUED, lease_until=timezone.now()):
            devices.give_back(job)
