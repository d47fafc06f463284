"""A flow's triggers over HTTP: where its webhooks are, when its schedules run, and the switches for both."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.api import find as find_flow
from flowbuilder.flows.api import must_edit
from flowbuilder.publishing.models import Schedule, Webhook
from flowbuilder.publishing.triggers import live
from flowbuilder.publishing.triggers.tokens import path_of
from nodes.flow.times import must_be_cron, must_be_zone, upcoming
from nodes.flow.webhook import Webhook as WebhookNode

router = Router(tags=["triggers"])
SHOWN_TIMES = 5


class Pause(Schema):
    paused: bool


@router.get("/flows/{uuid:flow_id}/triggers")
def list_triggers(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """Of the live version. A webhook's `path` is its secret: only who may edit flows is told."""
    flow = find_flow(request, flow_id)
    listening = live.triggers_of(flow, WebhookNode)
    hooks = [hook for hook in flow.webhooks.all() if hook.node_id in listening]
    return {
        "webhooks": [webhook_row(request, hook, listening[hook.node_id].answers) for hook in hooks],
        "schedules": [schedule_row(schedule) for schedule in flow.schedules.all()],
    }


@router.post("/hooks/{uuid:hook_id}/renewal")
def renew_hook(request: HttpRequest, hook_id: uuid.UUID) -> dict[str, Any]:
    """Give the webhook a new address; the old one leads nowhere from then on."""
    hook = Webhook.objects.visible_to(request.asker).filter(pk=hook_id).first()
    if hook is None:
        raise ApiError("not_found", "There is no such webhook, or it is not yours.", 404)
    must_edit(request)
    return webhook_row(request, live.new_token(asker=request.asker, hook=hook))


@router.patch("/schedules/{uuid:schedule_id}")
def pause_schedule(request: HttpRequest, schedule_id: uuid.UUID, body: Pause) -> dict[str, Any]:
    """Pause it, or let it go on; what falls into the pause is not made up for."""
    schedule = Schedule.objects.visible_to(request.asker).filter(pk=schedule_id).first()
    if schedule is None:
        raise ApiError("not_found", "There is no such schedule, or it is not yours.", 404)
    must_edit(request)
    return schedule_row(live.set_paused(asker=request.asker, schedule=schedule, paused=body.paused))


@router.get("/schedules/times")
def upcoming_times(request: HttpRequest, cron: str, time_zone: str = "UTC") -> dict[str, list[datetime]]:
    """The next times of a cron expression, on the zone's clock."""
    try:
        must_be_cron(cron)
        must_be_zone(time_zone)
    except ValueError as error:
        raise ApiError("invalid", f"{error}.", 422) from None
    return {"times": upcoming(cron, time_zone, timezone.now(), SHOWN_TIMES)}


def webhook_row(request: HttpRequest, hook: Webhook, answers: str | None = None) -> dict[str, Any]:
    told = {
        "id": str(hook.pk),
        "node": hook.node_id,
        "path": path_of(hook) if request.asker.can_edit else None,
    }
    return told if answers is None else {**told, "answers": answers}


def schedule_row(schedule: Schedule) -> dict[str, Any]:
    planned = not schedule.paused
    return {
        "id": str(schedule.pk),
        "node": schedule.node_id,
        "cron": schedule.cron,
        "time_zone": schedule.time_zone,
        "paused": schedule.paused,
        "next": times_of(schedule) if planned else [],
        "last_at": schedule.last_at,
        "last_run": str(schedule.last_run_id) if schedule.last_run_id else None,
        "problem": schedule.problem,
        "refused": schedule.refused,
    }


def times_of(schedule: Schedule) -> list[datetime]:
    return upcoming(schedule.cron, schedule.time_zone, timezone.now(), SHOWN_TIMES)
