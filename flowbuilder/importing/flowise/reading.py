"""The graph of a Flowise flow: ``{nodes, edges}``."""

from __future__ import annotations

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

NOTES = {"stickyNote", "stickyNoteAgentflow"}


def read(data: Any) -> Source:
    """Errors: ``Unreadable``."""
    if not isinstance(data, dict) or "nodes" not in data:
        raise Unreadable("it has no 'nodes'")
    nodes = nodes_in(data["nodes"], _node)
    for node in nodes.values():
        if node.parent not in nodes or _circles(nodes, node):
            node.parent = ""
    return Source(nodes, *edges_between(ends_in(data.get("edges") or []), nodes))


def _node(row: dict[str, Any], number: int) -> Original:
    data = mapping(row.get("data"))
    kind = text_in(data.get("name")) or text_in(row.get("type")) or "unknown"
    at = place(row.get("position") or row.get("positionAbsolute"))
    return Original(
        id=text_in(row.get("id")) or text_in(data.get("id")) or f"node_{number}",
        kind=kind,
        label=text_in(data.get("label")) or kind,
        at=at,
        inputs=mapping(data.get("inputs")),
        outputs=mapping(data.get("outputs")),
        parent=text_in(row.get("parentNode")) or text_in(row.get("parentId")),
        type=text_in(row.get("type")),
        data=data,
    )


def _circles(nodes: dict[str, Original], node: Original) -> bool:
    """Whether its parents lead back to it."""
    seen = {node.id}
    at = node.parent
    while at in nodes:
        if at in seen:
            return True
        seen.add(at)
        at = nodes[at].parent
    return False
