"""A published flow as a tool: its name, its typed inputs, what it gives."""

from __future__ import annotations

import json
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.inputs import form_fields, input_schema, live_graph, start_of
from flowbuilder.publishing.models import Doors
from flowbuilder.publishing.replies import as_json
from flowbuilder.publishing.speaker import REPLY

RECORDS = {"language.structured", "language.remote_structured"}


def flows_for(asker: Asker | None, slug: str = "") -> list[Flow]:
    """Those that are live, opened for MCP, and started by whoever asks."""
    live = Flow.objects.visible_to(asker).exclude(published_version=None).filter(doors__mcp=True)
    found = live.filter(slug=slug) if slug else live
    rows = found.select_related("published_version", "doors", "workspace").order_by("slug")
    return [flow for flow in rows if _can_be_asked(live_graph(flow))]


def _can_be_asked(graph: Graph) -> bool:
    """What only a webhook or a schedule starts is no tool."""
    return start_of(graph) is not None or bool(form_fields(graph))


def told(flow: Flow) -> dict[str, Any]:
    doors: Doors = flow.doors
    row = {
        "name": flow.slug,
        "title": doors.shown_title,
        "description": doors.description or doors.shown_title,
        "inputSchema": input_schema(flow),
    }
    schema = output_schema(live_graph(flow))
    return {**row, "outputSchema": schema} if schema else row


def output_schema(graph: Graph) -> dict[str, Any] | None:
    """Where a structured record with a schema of its own is wired straight into the one Reply."""
    replies = {node.id for node in graph.nodes if node.type == REPLY}
    sources = [graph.node(wire.source) for wire in graph.wires if wire.target in replies]
    if len(replies) != 1 or len(sources) != 1 or sources[0].type not in RECORDS or sources[0].mode != "on":
        return None
    text = str(sources[0].settings.get("json_schema", "")).strip()
    return {"type": "object", **json.loads(text)} if text else None


def structured(reply: str) -> dict[str, Any] | None:
    """The record that a reply is; None where it is words."""
    found = as_json(reply)
    return found if isinstance(found, dict) else None
