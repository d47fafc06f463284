"""The graph of a Flowise flow: ``{nodes, edges}``."""

from __future__ import annotations

from typing import Any

from flowbuilder.importing.original import (
    MOST_EDGES,
    MOST_NODES,
    Original,
    Source,
    Unreadable,
    edges_between,
    mapping,
    objects,
    place,
    text_in,
)

NOTES = {"stickyNote", "stickyNoteAgentflow"}


def read(data: Any) -> Source:
    """Errors: ``Unreadable``."""
    if not isinstance(data, dict) or "nodes" not in data:
        raise Unreadable("it has no 'nodes'")
    nodes: dict[str, Original] = {}
    for number, row in enumerate(objects(data["nodes"], "nodes", MOST_NODES), start=1):
        node = _node(row, number)
        if node.id in nodes:
            raise Unreadable(f"two of its nodes have the id '{node.id}'")
        nodes[node.id] = node
    for node in nodes.values():
        if node.parent not in nodes or _circles(nodes, node):
            node.parent = ""
    rows = objects(data.get("edges") or [], "edges", MOST_EDGES)
    ends = [
        (row.get("source"), row.get("target"), row.get("sourceHandle"), row.get("targetHandle"))
        for row in rows
    ]
    return Source(nodes, *edges_between(ends, nodes))


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
