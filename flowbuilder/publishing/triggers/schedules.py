"""Schedules start runs of what is live. Whoever moves a row to its next time starts the run, so two beats start one.

A run that a limit refuses is tried again when the limit says so, for the same time, unless the next time comes first.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing.models import Schedule
from flowbuilder.publishing.outsiders import outsider
from flowbuilder.publishing.triggers import refusals
from flowbuilder.runs import services as runs
from nodes.flow.times import latest, upcoming

log = logging.getLogger(__name__)
AT_ONCE = 200


def start_what_is_due(now: datetime | None = None) -> int:
    """One run for each schedule whose time has come; what was missed while nobody looked is one run too, not many."""
    now = now or timezone.now()
    due = Schedule.objects.filter(paused=False, next_at__lte=now).order_by("next_at")
    rows = due.select_related("flow__published_version", "flow__workspace")[:AT_ONCE]
    return sum(_start(row, now) for row in rows)


def _start(row: Schedule, now: datetime) -> bool:
    at = latest(row.cron, row.time_zone, now)
    following = next(iter(upcoming(row.cron, row.time_zone, now, 1)), None)
    mine = Schedule.objects.filter(pk=row.pk)
    with transaction.atomic():
        if not mine.filter(next_at=row.next_at, paused=False).update(next_at=following):
            return False
        try:
            run = runs.submit(
                asker=outsider(row.flow),
                flow=row.flow,
                version=row.flow.published_version,
                inputs={"schedule": {"node": row.node_id, "at": at.isoformat("T", "seconds")}},
                origin={"kind": "schedule", "node": row.node_id},
                idempotency_key=f"schedule:{row.pk}:{at.timestamp():.0f}",
            )
        except ApiError as refused:
            log.warning("schedule %s could not start a run: %s", row.pk, refused)
            again = refusals.try_again_at(refused, now, following)
            told = refusals.noted(row.refused, at, str(refused), again)
            mine.update(next_at=again or following, problem=str(refused), refused=told)
            return False
        mine.update(last_at=at, last_run=run, problem="", refused=refusals.settled(row.refused, at))
    return True
