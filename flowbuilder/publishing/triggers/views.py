"""A flow's triggers on its Publish page: addresses and next times, a new address, a pause."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from flowbuilder.engine.graph import Graph
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.models import Schedule, Webhook
from flowbuilder.publishing.rights import find, must_edit
from flowbuilder.publishing.triggers import live
from flowbuilder.publishing.triggers.api import times_of
from flowbuilder.publishing.triggers.tokens import path_of
from nodes.flow.webhook import Webhook as WebhookNode

SHOWN = 3


def shown(request: HttpRequest, flow: Flow, base: str) -> dict[str, Any]:
    """What the page tells of them; nothing while the flow is offline."""
    if flow.published_version is None:
        return {"webhooks": [], "schedules": []}
    names = {node.id: node.label for node in Graph.model_validate(flow.published_version.graph).nodes}
    listening = live.triggers_of(flow, WebhookNode)
    hooks = [hook for hook in flow.webhooks.all() if hook.node_id in listening]
    return {
        "webhooks": [hook_shown(request, hook, listening[hook.node_id], names, base) for hook in hooks],
        "schedules": [
            {
                "row": row,
                "name": names.get(row.node_id) or _("Schedule"),
                "times": clock(times_of(row)[:SHOWN]),
                "refused": [refusal_shown(each) for each in row.refused],
            }
            for row in flow.schedules.select_related("last_run")
        ],
    }


def hook_shown(
    request: HttpRequest, hook: Webhook, node: WebhookNode, names: dict[str, str], base: str
) -> dict[str, Any]:
    address = base + path_of(hook) if request.asker.can_edit else ""
    example = node.example.replace("'", "'\\''")
    return {
        "pk": hook.pk,
        "name": names.get(hook.node_id) or _("Webhook"),
        "slug": f"hook-{hook.pk}",
        "waits": node.answers == "with the reply",
        "address": address,
        "sample": f"curl {address} \\\n  -H 'Content-Type: application/json' \\\n  -d '{example}'",
    }


def refusal_shown(row: dict[str, Any]) -> dict[str, Any]:
    again = row["again_at"]
    return {
        **row,
        "at": datetime.fromisoformat(row["at"]),
        "again_at": datetime.fromisoformat(again) if again else None,
    }


def clock(times: list[datetime]) -> list[dict[str, str]]:
    """As the schedule's own clock has them, not the reader's."""
    return [{"iso": time.isoformat(), "shown": date_format(time, _("D j M H:i"))} for time in times]


@login_required
@require_POST
def renew(request: HttpRequest, flow_id: uuid.UUID, hook_id: uuid.UUID) -> HttpResponse:
    hook = get_object_or_404(Webhook, pk=hook_id, flow=find(request, flow_id))
    must_edit(request)
    live.new_token(asker=request.asker, hook=hook)
    messages.success(request, _("The webhook has a new address."))
    return redirect("releases:release", flow_id)


@login_required
@require_POST
def pause(request: HttpRequest, flow_id: uuid.UUID, schedule_id: uuid.UUID) -> HttpResponse:
    schedule = get_object_or_404(Schedule, pk=schedule_id, flow=find(request, flow_id))
    must_edit(request)
    live.set_paused(asker=request.asker, schedule=schedule, paused=request.POST.get("paused") == "on")
    return redirect("releases:release", flow_id)
