"""Runs are kept as long as their workspace says; what they used stays on record, and what people said of them as well."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from flowbuilder.publishing.usage.models import Bookkeeping
from flowbuilder.runs.models import ENDED, Run

AT_ONCE = 200
"""Runs of one workspace and sweep; each takes its events with it."""


def delete_old_runs() -> int:
    """A comparison that nobody has judged yet needs its two runs, so it keeps them."""
    deleted = 0
    for books in Bookkeeping.objects.exclude(keep_days=None):
        until = timezone.now() - timedelta(days=books.keep_days or 0)
        old = Run.objects.filter(workspace=books.workspace_id, status__in=ENDED, ended_at__lt=until)
        found = old.filter(left_of=None, right_of=None).order_by("ended_at").values_list("pk", flat=True)
        runs = list(found[:AT_ONCE])
        Run.objects.filter(pk__in=runs).delete()
        deleted += len(runs)
    return deleted
