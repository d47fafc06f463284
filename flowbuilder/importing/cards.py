"""How large the editor draws what stands in a graph, and its places once nothing overlaps."""

from __future__ import annotations

import math

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.compiled import Compiled, Part
from flowbuilder.engine.graph import Graph, Position
from flowbuilder.engine.ports import Port, type_name
from flowbuilder.importing.spreading import Card, spread

WIDTH = 236.0
HEAD, SENDS_OUT, PADDING = 56.0, 26.0, 14.0
ROW, LINE, LETTERS = 6.0, 18.0, 13
"""Of a port: its space, a line of its text, and how many letters fit on one."""


def spread_out(graph: Graph, catalogue: Catalogue) -> Graph:
    """Every level by itself: the body of a group is a canvas of its own."""
    return _level(graph, Compiled(graph, catalogue))


def _level(graph: Graph, compiled: Compiled | None) -> Graph:
    parts = compiled.parts if compiled else {}
    cards = cards_of(graph, parts)
    spread(cards)
    placed = {card.id: Position(x=card.x, y=card.y) for card in cards}
    nodes = []
    for node in graph.nodes:
        part = parts.get(node.id)
        body = _level(node.body, part.body if part else None) if node.body else node.body
        nodes.append(node.model_copy(update={"position": placed[f"node {node.id}"], "body": body}))
    notes = [note.model_copy(update={"position": placed[f"note {note.id}"]}) for note in graph.notes]
    return graph.model_copy(update={"nodes": tuple(nodes), "notes": tuple(notes)})


def cards_of(graph: Graph, parts: dict[str, Part]) -> list[Card]:
    nodes = [
        Card(f"node {node.id}", node.position.x, node.position.y, WIDTH, _height(parts.get(node.id)))
        for node in graph.nodes
    ]
    notes = [
        Card(f"note {note.id}", note.position.x, note.position.y, note.size.width, note.size.height)
        for note in graph.notes
    ]
    return [*nodes, *notes]


def _height(part: Part | None) -> float:
    """As ``static/src/editor/css/nodes.css`` says it."""
    if part is None:
        return HEAD + PADDING
    columns = [sum(map(_row, ports)) for ports in (part.inputs, part.outputs)]
    sends = SENDS_OUT if part.node.sends_out else 0.0
    return HEAD + sends + max(columns) + PADDING


def _row(port: Port) -> float:
    kind = type_name(port.type)
    words = [kind] if port.name == "out" else [port.name, *([] if kind == "anything" else [kind])]
    if len(" ".join(words)) <= LETTERS:
        return ROW + LINE
    return ROW + LINE * sum(math.ceil(len(word) / LETTERS) for word in words)
