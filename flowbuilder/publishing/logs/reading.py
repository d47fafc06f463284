"""Runs found by what was said in them, and by flow, status, door, key and day. Works on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from flowbuilder.accounts.models import Asker
from flowbuilder.runs.models import Run, RunEvent
from flowbuilder.secrets.scrubbing import Scrubber

DAYS_SHOWN = 7
SAYS = ("node.finished", "node.failed", "node.report", "run.failed")
"""Events in which text is looked for: outputs and errors, not each token."""


@dataclass(frozen=True)
class Wanted:
    """What is empty is not asked for; both days are taken in."""

    text: str = ""
    since: date | None = None
    until: date | None = None
    flow: uuid.UUID | None = None
    key: uuid.UUID | None = None
    status: str = ""
    door: str = ""

    @property
    def last(self) -> date:
        return self.until or timezone.now().date()

    @property
    def first(self) -> date:
        return self.since or (self.last - timedelta(days=DAYS_SHOWN - 1))

    def runs(self, asker: Asker | None) -> QuerySet[Run]:
        """The newest first."""
        begin, end = (
            datetime.combine(day, time.min, timezone.now().tzinfo) for day in (self.first, self.last)
        )
        found = Run.objects.visible_to(asker).filter(
            created_at__gte=begin, created_at__lt=end + timedelta(days=1)
        )
        by = {"flow": self.flow, "key": self.key, "status": self.status, "door": self.door}
        found = found.filter(**{name: value for name, value in by.items() if value})
        if self.text:
            found = found.annotate(given=Cast("inputs", TextField())).filter(says(self.text))
        return found.order_by("-created_at", "-pk")


def says(text: str) -> Q:
    """In inputs, reply, error, or what a node gave. SQLite keeps JSON with what is not ASCII escaped."""
    forms = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    spoke = RunEvent.objects.filter(run=OuterRef("pk"), type__in=SAYS)
    spoke = spoke.annotate(told=Cast("data", TextField()))
    found = Q(reply__icontains=text) | Q(error__icontains=text)
    told = Q()
    for form in forms:
        found |= Q(given__icontains=form)
        told |= Q(told__icontains=form)
    return found | Exists(spoke.filter(told))


def lines(runs: QuerySet[Run], scrubber: Scrubber) -> Iterator[str]:
    """Each run with its events as a line of JSON, without the workspace's secrets."""
    for run in runs.iterator(chunk_size=50):
        events = run.events.exclude(type="node.token")
        told = {**row(run), "inputs": run.inputs, "events": [event.wire() for event in events]}
        yield json.dumps(scrubber.clean(told), ensure_ascii=False, default=str) + "\n"


def row(run: Run) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "flow": str(run.flow_id),
        "version": run.version.number if run.version else None,
        "status": run.status,
        "door": run.door,
        "environment": run.environment,
        "key": str(run.key_id) if run.key_id else None,
        "conversation": run.conversation,
        "reply": run.reply,
        "error": {"node": run.error_node, "message": run.error} if run.error else None,
        "created_at": run.created_at,
        "ended_at": run.ended_at,
    }
