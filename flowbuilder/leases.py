"""A row as the queue of record for what a worker does: taken by one, kept by its heartbeat, given on, ended once.

The row has ``status`` (queued, running, finished, failed, cancelled), ``lease_until``, ``fence``, ``lives``,
``cancel_requested`` and ``ended_at``. Whoever took it last may write: every write goes through ``held``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

ENDED = ("finished", "failed", "cancelled")
Row = TypeVar("Row", bound=models.Model)


def take(rows: models.QuerySet[Row], pk: Any, lease: timedelta) -> Row | None:
    """The row with a new fence and one life more; None when it has ended or another worker's lease is live."""
    now = timezone.now()
    free = Q(status="queued") | Q(status="running", lease_until__lt=now)
    taken = rows.filter(free, pk=pk).update(
        status="running", lease_until=now + lease, fence=F("fence") + 1, lives=F("lives") + 1
    )
    return rows.get(pk=pk) if taken else None


def held(row: Any) -> models.QuerySet[Any]:
    """The row while this worker holds it; empty once another one does or it has ended."""
    return type(row).objects.filter(pk=row.pk, fence=row.fence, status="running")


def hand_on(row: Any, wait: timedelta = timedelta(0), **fields: Any) -> None:
    """This stretch is over and counts as no life: it is not this worker's any more, and the next may take it after ``wait``."""
    released = {"lease_until": timezone.now() + wait, "lives": F("lives") - 1, "fence": F("fence") + 1}
    held(row).update(**released, **fields)


def end(row: Any, status: str, **fields: Any) -> None:
    held(row).update(status=status, ended_at=timezone.now(), **fields)


def cancel(row: Any) -> None:
    """At once while no worker holds it; else its worker reads the wish at its next heartbeat."""
    going_on = type(row).objects.filter(pk=row.pk).exclude(status__in=ENDED)
    going_on.update(cancel_requested=True)
    going_on.filter(status="queued").update(status="cancelled", ended_at=timezone.now())


def unheld(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """What a sweep wakes a worker for."""
    return rows.filter(lease_until__lt=timezone.now()).exclude(status__in=ENDED)
