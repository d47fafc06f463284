"""The triggers of what is live: read from the live version's graph whenever another one becomes that."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.publishing.models import Schedule, Webhook
from flowbuilder.publishing.triggers.refusals import settled
from nodes.base import Node
from nodes.flow.schedule import Schedule as ScheduleNode
from nodes.flow.times import upcoming
from nodes.flow.webhook import Webhook as WebhookNode

Kind = TypeVar("Kind", bound=Node)


def triggers_of(flow: Flow, kind: type[Kind]) -> dict[str, Kind]:
    """By id, of the live version; none while the flow is offline."""
    if flow.published_version is None:
        return {}
    type_id = next(type_id for type_id, known in catalogue().kinds.items() if known is kind)
    specs = Graph.model_validate(flow.published_version.graph).nodes
    built = {spec.id: catalogue().build(spec) for spec in specs if spec.type == type_id and spec.mode == "on"}
    return {node_id: node for node_id, node in built.items() if isinstance(node, kind)}


def follow(flow: Flow) -> None:
    """Another version became the live one, or none: its webhooks have an address, its schedules a next time."""
    for node_id in triggers_of(flow, WebhookNode):
        Webhook.objects.get_or_create(flow=flow, node_id=node_id, defaults={"workspace": flow.workspace})
    planned = triggers_of(flow, ScheduleNode)
    flow.schedules.exclude(node_id__in=planned).delete()
    known = {row.node_id: row for row in flow.schedules.all()}
    for node_id, node in planned.items():
        row = known.get(node_id) or Schedule(flow=flow, workspace=flow.workspace, node_id=node_id)
        if row._state.adding or (row.cron, row.time_zone) != (node.cron, node.time_zone):
            row.cron, row.time_zone, row.problem = node.cron, node.time_zone, ""
            row.refused = settled(row.refused)
            row.next_at = next(iter(upcoming(node.cron, node.time_zone, timezone.now(), 1)), None)
            row.save()


def new_token(*, asker: Asker, hook: Webhook) -> Webhook:
    """The old address leads nowhere from then on."""
    with transaction.atomic():
        hook = Webhook.objects.select_for_update().select_related("flow").get(pk=hook.pk)
        hook.generation += 1
        hook.save(update_fields=["generation"])
        record(asker=asker, action="webhook.renewed", subject=hook.flow.name, details={"node": hook.node_id})
    return hook


def set_paused(*, asker: Asker, schedule: Schedule, paused: bool) -> Schedule:
    """What falls into the pause is not made up for."""
    with transaction.atomic():
        schedule = Schedule.objects.select_for_update().select_related("flow").get(pk=schedule.pk)
        if schedule.paused != paused:
            schedule.paused = paused
            schedule.next_at = next(
                iter(upcoming(schedule.cron, schedule.time_zone, timezone.now(), 1)), None
            )
            schedule.refused = settled(schedule.refused)
            schedule.save(update_fields=["paused", "next_at", "refused"])
            action = "schedule.paused" if paused else "schedule.resumed"
            record(asker=asker, action=action, subject=schedule.flow.name, details={"node": schedule.node_id})
    return schedule
