"""Preference pairs for nodes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db.models import Q

from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.models import Flow
from nodes.base import NodeError
from nodes.types import PreferencePair, Preferences

WITH_PAIRS = (Kind.CORRECTION, Kind.PAIR, Kind.RANKING)


@dataclass(frozen=True)
class NodeFeedback:
    """``nodes.base.Feedback`` for the nodes of one workspace."""

    workspace_id: uuid.UUID

    async def pairs(self, flow: str) -> Preferences:
        return await sync_to_async(pairs_of)(self.workspace_id, flow)


def pairs_of(workspace_id: uuid.UUID, flow: str) -> Preferences:
    ratings = Rating.objects.filter(workspace_id=workspace_id, kind__in=WITH_PAIRS)
    if flow:
        ratings = ratings.filter(flow__in=flows_named(workspace_id, flow))
    return Preferences(
        pairs=tuple(
            PreferencePair(prompt=rating.prompt, chosen=chosen, rejected=rejected)
            for rating in ratings.order_by("created_at", "id").iterator(chunk_size=500)
            for chosen, rejected in rating.pairs()
        )
    )


def flows_named(workspace_id: uuid.UUID, flow: str) -> list[Flow]:
    flows = Flow.objects.filter(workspace_id=workspace_id)
    found = list(flows.filter(Q(slug=flow) | Q(name=flow)))
    if not found:
        there = ", ".join(flows.order_by("name").values_list("slug", flat=True)[:20]) or "none yet"
        raise NodeError(f"There is no flow '{flow}' in this workspace. There is: {there}.")
    return found
