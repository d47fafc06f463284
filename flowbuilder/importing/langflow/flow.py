"""A flow of Langflow: components whose outputs are wired to each other's fields, as our nodes are."""

from __future__ import annotations

import json
from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.importing.finishing import finished
from flowbuilder.importing.known import Known
from flowbuilder.importing.langflow.components import draw
from flowbuilder.importing.langflow.draw import Draw
from flowbuilder.importing.order import Link, ordered
from flowbuilder.importing.original import (
    MOST_EDGES,
    Original,
    Source,
    edges_between,
    mapping,
    nodes_in,
    objects,
    place,
    text_in,
)
from flowbuilder.importing.report import How, Report
from flowbuilder.importing.stage import Stage

NOTE = "note"


def is_flow(data: Any) -> bool:
    graph = mapping(data.get("data")) if isinstance(data, dict) else {}
    return isinstance(graph.get("nodes"), list) and isinstance(graph.get("edges"), list)


def convert(data: dict[str, Any], known: Known | None = None) -> tuple[Graph, Report]:
    """Errors: ``Unreadable``."""
    source = _read(mapping(data.get("data")))
    report = Report("Langflow")
    for start, end, why in source.strange:
        report.dropped.append({"source": start, "target": end, "why": why})
    stage = Stage(source, report, known)
    pending = Draw(stage)
    for node in source.nodes.values():
        if node.kind == NOTE:
            id_ = stage.drawing.note(node.text("text"), node.at, wanted=node.id, colour="yellow")
            node.ignore(*node.inputs)
            stage.became(node, How.NOTE, "", id_)
    working = [id_ for id_, node in source.nodes.items() if node.kind != NOTE]
    order = ordered(working, [Link(edge.source, "", edge.target) for edge in source.edges])
    for link in order.dropped:
        why = "it leads in a circle"
        report.dropped.append({"source": link.source, "target": link.target, "why": why})
    circles = {(link.source, link.target) for link in order.dropped}
    source.edges = [edge for edge in source.edges if (edge.source, edge.target) not in circles]
    pending.begin([source.nodes[id_] for id_ in working])
    for id_ in order.steps:
        draw(pending, source.nodes[id_])
    pending.finish()
    return finished(stage.drawing, report), report


def _read(graph: dict[str, Any]) -> Source:
    nodes = nodes_in(graph.get("nodes"), _node)
    ends = []
    for row in objects(graph.get("edges"), "edges", MOST_EDGES):
        data = mapping(row.get("data"))
        source = _handle(data.get("sourceHandle") or row.get("sourceHandle"))
        target = _handle(data.get("targetHandle") or row.get("targetHandle"))
        ends.append((row.get("source"), row.get("target"), source.get("name"), target.get("fieldName")))
    return Source(nodes, *edges_between(ends, nodes))


def _node(row: dict[str, Any], number: int) -> Original:
    data = mapping(row.get("data"))
    component = mapping(data.get("node"))
    is_note = row.get("type") == "noteNode" or data.get("type") in ("note", "noteNode")
    template = mapping(component.get("template"))
    fields = {
        name: mapping(field).get("value")
        for name, field in template.items()
        if isinstance(field, dict)
        and name not in {"code", "_type"}
        and not field.get("_input_type") == "HandleInput"
    }
    if "code" in template and data.get("type") in ("CustomComponent", "PythonFunction"):
        fields["code"] = mapping(template["code"]).get("value")
    if is_note:
        fields = {"text": text_in(component.get("description"), most=20_000)}
    kind = NOTE if is_note else text_in(data.get("type")) or "unknown"
    return Original(
        id=text_in(row.get("id")) or f"node_{number}",
        kind=kind,
        label=text_in(component.get("display_name")) or kind,
        at=place(row.get("position")),
        inputs=fields,
        data={"tool_mode": bool(component.get("tool_mode"))},
    )


def _handle(value: Any) -> dict[str, Any]:
    """Langflow writes JSON with œ in place of quotes."""
    if isinstance(value, dict):
        return mapping(value)
    try:
        return mapping(json.loads(value.replace("œ", '"'))) if isinstance(value, str) else {}
    except (ValueError, RecursionError):
        return {}
