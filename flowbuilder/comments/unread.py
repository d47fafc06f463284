"""What somebody has not read yet of what others said, by flow."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from flowbuilder.comments.models import Comment, Mention, Reading
from flowbuilder.flows.models import Flow


def read_to(person: Any, flow: Flow) -> int:
    """The last comment that they had before them; 0 before the first time."""
    found = Reading.objects.filter(person=person, flow=flow).values_list("comment_id", flat=True).first()
    return found or 0


def counts(person: Any, flows: Iterable[Flow]) -> dict[uuid.UUID, int]:
    """Of each flow in which there is something: how many comments of others are new to them, resolved threads left out."""
    if person is None or not person.is_authenticated:
        return {}
    wanted = [flow.pk for flow in flows]
    read = dict(Reading.objects.filter(person=person, flow__in=wanted).values_list("flow", "comment_id"))
    said = Comment.objects.filter(thread__flow__in=wanted, thread__resolved_at=None).exclude(person=person)
    new = Q()
    for flow, comment in read.items():
        new |= Q(thread__flow=flow, pk__gt=comment)
    never = Q(thread__flow__in=[flow for flow in wanted if flow not in read])
    rows = said.filter(new | never).values(found=F("thread__flow")).annotate(n=Count("pk")).order_by()
    return {row["found"]: row["n"] for row in rows}


def read(*, person: Any, flow: Flow) -> None:
    """They have the threads before them: what called them there is read too."""
    last = Comment.objects.filter(thread__flow=flow).aggregate(last=Coalesce(Max("pk"), 0))["last"]
    made, new = Reading.objects.get_or_create(person=person, flow=flow, defaults={"comment_id": last})
    if not new and made.comment_id < last:
        Reading.objects.filter(pk=made.pk, comment_id__lt=last).update(comment_id=last)
    found = Mention.objects.filter(person=person, read_at=None, comment__thread__flow=flow)
    found.update(read_at=timezone.now())
