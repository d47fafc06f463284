"""Which of a flow's inputs a run came in by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nodes.base import Context

TRIGGERS = ("webhook", "schedule")
"""Inputs that a trigger gives; people and programs give the others."""


def by_trigger(ctx: Context) -> bool:
    """Whether a webhook or a schedule started it: then nobody was asked anything."""
    return any(name in ctx.inputs for name in TRIGGERS)


def given_by(ctx: Context, trigger: str) -> Mapping[str, Any] | None:
    """What this node's trigger gave; None where another one started the run."""
    found = ctx.inputs.get(trigger)
    if isinstance(found, Mapping) and found.get("node") in (None, ctx.node_id):
        return found
    return None


def is_tried(ctx: Context) -> bool:
    """Whether the draft was started with nothing: then a trigger shows its example."""
    return ctx.mode == "draft" and not ctx.inputs
