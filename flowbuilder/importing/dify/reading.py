"""The graph of a Dify app."""

from __future__ import annotations

import json
from typing import Any

from flowbuilder.importing.original import (
    Original,
    Source,
    Unreadable,
    edges_between,
    ends_in,
    mapping,
    nodes_in,
    place,
    text_in,
)

NOTE = "note"
QUIET = {"title", "desc", "type", "selected", "isInIteration", "iteration_id", "isIterationStart", "start_node_id", "height", "width", "loop_id", "isInLoop", "vision", "_targetBranches", "position", "memory_enabled"}  # fmt: skip


def read(app: dict[str, Any]) -> Source:
    """Errors: ``Unreadable``."""
    graph = mapping(mapping(app.get("workflow")).get("graph"))
    if not graph:
        raise Unreadable("it has no 'workflow' with a 'graph'")
    nodes = nodes_in(graph.get("nodes") or [], _node)
    for node in nodes.values():
        if node.parent not in nodes or nodes[node.parent].parent or node.parent == node.id:
            node.parent = ""
    return Source(nodes, *edges_between(ends_in(graph.get("edges") or []), nodes))


def _node(row: dict[str, Any], number: int) -> Original:
    data = mapping(row.get("data"))
    is_note = row.get("type") == "custom-note"
    kind = NOTE if is_note else text_in(data.get("type")) or "unknown"
    if is_note:
        data["text"] = _note(data.get("text"))
    return Original(
        id=text_in(row.get("id")) or f"node_{number}",
        kind=kind,
        label=text_in(data.get("title")) or kind,
        at=place(row.get("positionAbsolute") or row.get("position")),
        inputs={name: value for name, value in data.items() if name not in QUIET},
        parent=text_in(row.get("parentId")),
        type=text_in(row.get("type")),
        data=data,
    )


def _note(text: Any) -> str:
    """What a note says, of the tree of its rich text."""
    try:
        tree = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return text if isinstance(text, str) else ""
    lines: list[str] = []
    stack = [mapping(mapping(tree).get("root"))]
    while stack:
        part = stack.pop()
        if isinstance(part.get("text"), str):
            lines.append(part["text"])
        children = part.get("children")
        if isinstance(children, list):
            stack += [mapping(child) for child in reversed(children)]
    return "\n".join(lines) or (text if isinstance(text, str) else "")
