"""Conversations of every door: the runs that belong together, with what was said of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from flowbuilder.accounts.models import Asker
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.models import Flow
from flowbuilder.runs.conversation import asked
from flowbuilder.runs.models import INSIDE, Run
from flowbuilder.secrets.scrubbing import Scrubber

DOWN = Q(ratings__up=False) | Q(ratings__kind=Kind.CORRECTION)
RATED = {
    "rated": Q(said__gt=0),
    "up": Q(ups__gt=0),
    "down": Q(downs__gt=0),
    "unrated": Q(said=0),
}


@dataclass(frozen=True)
class Wanted:
    """What is empty is not asked for; both days are taken in."""

    flow: uuid.UUID | None = None
    door: str = ""
    rated: str = ""
    since: date | None = None
    until: date | None = None

    def found(self, asker: Asker | None) -> Any:
        """``{flow_id, conversation, door, turns, began, last, said, ups, downs}``, the latest first."""
        runs = Run.objects.visible_to(asker).exclude(conversation="")
        if self.flow:
            runs = runs.filter(flow=self.flow)
        if self.door:
            runs = runs.filter(door=self.door)
        if self.since:
            runs = runs.filter(created_at__gte=_midnight(self.since))
        if self.until:
            runs = runs.filter(created_at__lt=_midnight(self.until) + timedelta(days=1))
        rows = (
            runs.order_by()
            .values("flow_id", "flow__name", "conversation")
            .annotate(
                door=Max("door"),
                turns=Count("id", distinct=True),
                began=Min("created_at"),
                last=Max("created_at"),
                said=Count("ratings", distinct=True),
                ups=Count("ratings", filter=Q(ratings__up=True), distinct=True),
                downs=Count("ratings", filter=DOWN, distinct=True),
            )
        )
        return rows.filter(RATED.get(self.rated, Q())).order_by("-last", "conversation")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.now().tzinfo)


def turns_of(asker: Asker | None, flow: Flow, conversation: str) -> Any:
    """Its runs in their order, each with its ratings."""
    runs = Run.objects.visible_to(asker).filter(flow=flow, conversation=conversation).exclude(door__in=INSIDE)
    return runs.select_related("version").prefetch_related("ratings__person").order_by("created_at", "pk")


def row(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "flow": str(found["flow_id"]),
        "conversation": found["conversation"],
        "door": found["door"],
        "turns": found["turns"],
        "began": found["began"],
        "last": found["last"],
        "ratings": {"all": found["said"], "up": found["ups"], "down": found["downs"]},
    }


def turn_row(run: Run) -> dict[str, Any]:
    return {
        "run": str(run.pk),
        "at": run.created_at,
        "status": run.status,
        "version": run.version.number if run.version else None,
        "asked": asked(run),
        "reply": run.reply,
        "ratings": [rating_row(rating) for rating in run.ratings.all()],
    }


def rating_row(rating: Rating) -> dict[str, Any]:
    said = {name: getattr(rating, name) for name in ("kind", "up", "reason", "comment", "correction")}
    return {**said, "person": str(rating.person) if rating.person else None}


def lines(asker: Asker | None, wanted: Wanted) -> Iterator[str]:
    """A conversation a line, without the workspace's secrets."""
    scrubber = Scrubber.of(asker)
    flows = {flow.pk: flow for flow in Flow.objects.visible_to(asker)}
    for found in wanted.found(asker):
        turns = turns_of(asker, flows[found["flow_id"]], found["conversation"])
        told = {**row(found), "turns": [turn_row(run) for run in turns]}
        yield json.dumps(scrubber.clean(told), ensure_ascii=False, default=str) + "\n"
