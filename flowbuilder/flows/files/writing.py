"""A flow as text for a file.

Nodes stand in the order of their ids and settings in that of their names, and what has its default is left out, so
two saves of the same flow give the same bytes. Where things stand on the canvas is kept apart (``Layout``): in a folder
it is a file of its own. Pins and breakpoints are for the person who set them and stay behind; secrets are only named
in a flow, never held.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from flowbuilder.engine.graph import Frame, Graph, NodeSpec, Note

FORMAT = "flowbuilder/flow"
VERSION = 1
"""Of the format; a file with a higher one is refused."""

Boxed = TypeVar("Boxed", NodeSpec, Note, Frame)
Layout = dict[str, Any]
"""``nodes``: id -> [x, y]; ``notes`` and ``frames``: id -> [x, y, width, height]; ``bodies``: group id -> Layout."""


def as_file(name: str, slug: str, graph: Graph) -> dict[str, Any]:
    return {"format": FORMAT, "version": VERSION, "name": name, "slug": slug, **_work(graph)}


def layout_of(graph: Graph) -> Layout:
    bodies = {node.id: layout_of(node.body) for node in _by_id(graph.nodes) if node.body}
    boxes = {
        kind: {box.id: [box.position.x, box.position.y, box.size.width, box.size.height] for box in found}
        for kind, found in (("notes", _by_id(graph.notes)), ("frames", _by_id(graph.frames)))
        if found
    }
    nodes = {node.id: [node.position.x, node.position.y] for node in _by_id(graph.nodes)}
    return {"nodes": nodes, **boxes, **({"bodies": bodies} if bodies else {})}


def text_of(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _work(graph: Graph) -> dict[str, Any]:
    notes = [{"id": note.id, "text": note.text, **_colour(note)} for note in _by_id(graph.notes)]
    frames = [{"id": frame.id, "title": frame.title, **_colour(frame)} for frame in _by_id(graph.frames)]
    return {
        "nodes": [_node(node) for node in _by_id(graph.nodes)],
        "wires": _wires(graph),
        **({"notes": notes} if notes else {}),
        **({"frames": frames} if frames else {}),
    }


def _node(node: NodeSpec) -> dict[str, Any]:
    written = node.model_dump(
        mode="json", exclude_defaults=True, exclude={"position", "pinned", "breakpoint", "body", "settings"}
    )
    settings = {"settings": _sorted(node.settings)} if node.settings else {}
    return {**written, **settings, **({"body": _work(node.body)} if node.body else {})}


def _wires(graph: Graph) -> list[dict[str, Any]]:
    """By where they lead. Wires into the same port keep their order: it says which value comes first."""
    return [
        wire.model_dump(exclude={"id"})
        for wire in sorted(graph.wires, key=lambda w: (w.target, w.target_port))
    ]


def _colour(thing: Note | Frame) -> dict[str, str]:
    return thing.model_dump(mode="json", include={"colour"}, exclude_defaults=True)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _by_id(things: tuple[Boxed, ...]) -> list[Boxed]:
    return sorted(things, key=lambda thing: thing.id)
