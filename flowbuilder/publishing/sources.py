"""The passages that a reply rests on, read from the run's stored events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.publishing.speaker import REPLY
from flowbuilder.runs.models import Run

MOST = 12
LONGEST = 1200
"""Characters of a quoted passage."""


def sources_of(run: Run, *, quotes: bool) -> list[dict[str, str]]:
    """Each passage once, best first: of the nodes whose words reached the reply."""
    upstream = _upstream(Graph.model_validate(run.graph))
    found: dict[tuple[str, str], dict[str, str]] = {}
    for event in run.events.filter(type="node.finished", node__in=upstream):
        for passage in _passages(event.data.get("outputs", {})):
            source = {"name": str(passage["source"]), "heading": str(passage.get("heading", ""))}
            text = str(passage["text"])[:LONGEST] if quotes else ""
            found.setdefault((source["name"], text or source["heading"]), {**source, "text": text})
    return list(found.values())[:MOST]


def _upstream(graph: Graph) -> set[str]:
    """Nodes from which a way of wires leads to a Reply."""
    waiting = [node.id for node in graph.nodes if node.type == REPLY]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += [wire.source for wire in graph.into(node)]
    return seen


def _passages(outputs: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of a ``Passages`` value on any port."""
    for value in outputs.values():
        items = value.get("items") if isinstance(value, dict) else None
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and {"text", "source"} <= item.keys():
                yield item
