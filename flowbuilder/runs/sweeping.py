"""What is seen to every few seconds: runs that no worker holds, and what has waited long enough."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from flowbuilder.runs import admission
from flowbuilder.runs.log import append_now
from flowbuilder.runs.models import Run, Status, Wait
from flowbuilder.runs.services import answer_wait, wake_worker

MAX_LIVES = 5


def sweep() -> int:
    """Dispatch again what no worker holds: expired leases, and accepted runs whose wake-up was lost."""
    now = timezone.now()
    lost = Run.objects.filter(status=Status.RUNNING, lease_until__lt=now)
    unheard = Run.objects.filter(status=Status.QUEUED, dispatched_at__lt=now - timedelta(seconds=5))
    swept = 0
    for run in [*lost[:500], *unheard[:500]]:
        if run.lives >= MAX_LIVES:
            reason = f"Its worker stopped {run.lives} times while running it; given up."
            with transaction.atomic():
                if Run.objects.filter(pk=run.pk, fence=run.fence).update(
                    status=Status.FAILED, error=reason, fence=run.fence + 1, ended_at=now
                ):
                    append_now(run.pk, "run.failed", data={"error": reason, "node": ""})
            admission.leave(run.pk)
            continue
        Run.objects.filter(pk=run.pk).update(dispatched_at=now)
        wake_worker(run)
        swept += 1
    return swept


def answer_what_is_due() -> int:
    """Wake what has waited long enough: times that have come, and approvals that nobody gave."""
    due = Wait.objects.filter(resolved_at=None, due_at__lte=timezone.now(), run__status=Status.WAITING)
    return sum(answer_wait(wait.key, wait.about.get("then", {})) for wait in due[:500])
