"""What visitors do: ask, stop, say what they think."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from flowbuilder.feedback import services as feedback
from flowbuilder.feedback.models import Rating
from flowbuilder.publishing.models import Doors, Turn, Via
from flowbuilder.publishing.outsiders import discreetly, outsider
from flowbuilder.publishing.visitors import Visitor
from flowbuilder.runs import services as runs
from flowbuilder.runs.conversation import asked
from flowbuilder.runs.models import Door, Status

REMEMBERED = 20
"""Turns of the conversation that the flow is told."""


def ask(
    *,
    doors: Doors,
    visitor: Visitor,
    question: str,
    conversation: uuid.UUID,
    inputs: dict[str, Any] | None = None,
    idempotency_key: str = "",
) -> Turn:
    """Ask the live version, with the fields of its form where it has one. The same key gives the same turn."""
    history = told_before(turns_of(doors, visitor).filter(conversation=conversation))
    key = f"chat:{visitor.id}:{idempotency_key}" if idempotency_key else None
    with transaction.atomic():
        with discreetly(doors.flow):
            run = runs.submit(
                asker=outsider(doors.flow),
                flow=doors.flow,
                version=doors.flow.published_version,
                inputs={**({"question": question} if question else {}), **(inputs or {}), "history": history},
                session=visitor.session,
                idempotency_key=key,
                door=Door.PAGE if visitor.via == Via.PAGE else Door.WIDGET,
                conversation=str(conversation),
            )
        known = {"flow": doors.flow, "workspace": doors.workspace, "visitor": visitor.id}
        more = {"conversation": conversation, "via": visitor.via, "site": visitor.site}
        return Turn.objects.get_or_create(run=run, defaults={**known, **more})[0]


def told_before(turns: Any) -> list[dict[str, str]]:
    """The last of them that were answered, as the flow is told them."""
    answered = turns.filter(run__status=Status.FINISHED).order_by("-created_at")[:REMEMBERED]
    return [
        {"role": role, "content": text}
        for turn in reversed(answered)
        for role, text in (("user", asked(turn.run)), ("assistant", turn.run.reply))
    ]


def turns_of(doors: Doors, visitor: Visitor) -> Any:
    return Turn.objects.filter(flow=doors.flow_id, visitor=visitor.id).select_related("run")


def rate(*, doors: Doors, turn: Turn, up: bool, reason: str, comment: str, correction: str) -> Rating:
    """As a rating by nobody in particular, in place of what the visitor said of this reply before."""
    kind = "correction" if correction.strip() else "thumbs"
    with transaction.atomic():
        Turn.objects.select_for_update().get(pk=turn.pk)  # nobody's ratings have no constraint to hold to
        return feedback.rate(
            asker=outsider(doors.flow),
            run=turn.run,
            kind=kind,
            up=up if kind == "thumbs" else None,
            reason=reason,
            comment=comment,
            correction=correction,
        )
