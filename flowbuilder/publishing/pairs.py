"""A visitor's answer beside a second one, and which of the two they find better: pairs like those of our own people."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models import Q

from flowbuilder.accounts.errors import ApiError
from flowbuilder.feedback import comparisons
from flowbuilder.feedback.models import Comparison
from flowbuilder.modelhub.rendering import rendered
from flowbuilder.publishing.models import Doors, Turn
from flowbuilder.publishing.outsiders import outsider
from flowbuilder.publishing.telling import FAILED, readable
from flowbuilder.runs.models import Status
from flowbuilder.translation.errors import said

log = logging.getLogger(__name__)


def of(turn: Turn) -> Comparison | None:
    asked = Comparison.objects.filter(Q(left=turn.run) | Q(right=turn.run), person=None)
    return asked.select_related("left", "right").first()


def begin(*, doors: Doors, turn: Turn) -> Comparison:
    if turn.run.status != Status.FINISHED:
        raise ApiError("conflict", "A second answer is for who has the first.", 409)
    with transaction.atomic():
        Turn.objects.select_for_update().get(pk=turn.pk)  # two clicks are one comparison
        if known := of(turn):
            return known
        try:
            return comparisons.with_another(asker=outsider(doors.flow), run=turn.run)
        except ApiError as refused:
            # It names nodes and settings, which are not for visitors.
            log.warning("%s cannot answer again: %s", doors.flow_id, refused)
            raise ApiError("unavailable", "There is no second answer to this question.", 409) from refused


def told(turn: Turn) -> dict[str, Any]:
    try:
        found = comparisons.answers(must_be(turn))
    except ApiError as error:
        if error.status == 404:
            raise
        return {"status": "failed", "message": said(FAILED)}
    if found is None:
        return {"status": "open"}
    sides = {side: {"text": each.text, "html": rendered(readable(each.text))} for side, each in found.items()}
    return {"status": "ready", **sides}


def decide(*, doors: Doors, turn: Turn, better: str) -> None:
    with transaction.atomic():
        Turn.objects.select_for_update().get(pk=turn.pk)  # nobody's ratings have no constraint to hold to
        comparisons.decide(asker=outsider(doors.flow), comparison=must_be(turn), better=better)


def must_be(turn: Turn) -> Comparison:
    comparison = of(turn)
    if comparison is None:
        raise ApiError("not_found", "Nobody asked for a second answer to this question.", 404)
    return comparison
