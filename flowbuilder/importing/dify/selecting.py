"""What Dify's selectors point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowbuilder.importing.drawing import Exit, Port, port_name
from flowbuilder.importing.original import Original, mapping, text_in
from flowbuilder.importing.stage import Stage

Made = Mapping[str, Exit]
WHOLE = {"text", "result", "output", "body", "answer", "data", "class_name", "structured_output"}
"""Names under which a step gives what it is for."""


def selected(stage: Stage, original: Original, path: list[str]) -> Port | None:
    """What a selector ``[node, variable, ...]`` points at."""
    path = [str(part) for part in path]
    if not path:
        return None
    head, rest = path[0], path[1:]
    if head == "sys":
        return stage.question if rest[:1] == ["query"] else None
    if head == "env":
        return stage.variable(original, ".".join(rest), "workspace") if rest else None
    if head == "conversation":
        return stage.variable(original, rest[0], "session", stage.state.get(rest[0], "")) if rest else None
    if head == "context":
        return _context(stage, original)
    if head in stage.items and rest[:1] == ["item"] and original.parent == head:
        return stage.part(original, stage.items[head], ".".join(rest[1:]))
    if name := loop_variable(stage, path):
        return stage.variable(original, name, "run")
    if head not in stage.source.nodes:
        return None
    if head == stage.start:
        return _field(stage, rest)
    found = stage.said_by(original, head)
    if found is None or not rest or (len(rest) == 1 and rest[0] in WHOLE):
        return found
    return stage.part(original, found, ".".join(rest[1:] if rest[0] in WHOLE - {"data"} else rest))


def loop_variable(stage: Stage, path: Sequence[Any]) -> str:
    """The variable of the run in which a loop's own is kept; empty where the path names none."""
    loop = stage.source.nodes.get(str(path[0])) if len(path) > 1 else None
    if loop is None or loop.kind != "loop":
        return ""
    labels = [text_in(row.get("label")) for row in loop.rows("loop_variables")]
    return f"{loop.id} {path[1]}"[:100] if str(path[1]) in labels else ""


def _field(stage: Stage, rest: list[str]) -> Port | None:
    """Of the form that a run begins with."""
    node = stage.drawing.nodes[stage.question.node] if stage.question else None
    if node is None or node["type"] != "flow.form" or not rest:
        return stage.question
    names = [row["name"] for row in node["settings"]["fields"]]
    name = port_name(rest[0], "field")[:40]
    return Port(node["id"], name) if name in names else None


def _context(stage: Stage, original: Original) -> Port | None:
    context = mapping(original.take("context", {}))
    path = context.get("variable_selector")
    return selected(stage, original, path) if isinstance(path, list) and path else None


def variables_of(stage: Stage, original: Original) -> dict[str, Port]:
    found: dict[str, Port] = {}
    for row in original.rows("variables"):
        path = row.get("value_selector")
        port = selected(stage, original, path) if isinstance(path, list) else None
        if port is not None:
            found[port_name(text_in(row.get("variable")))[:40]] = port
        else:
            stage.report.needs(
                original.label,
                f"Wire its input '{text_in(row.get('variable'))}': what it was has no counterpart.",
            )
    return found
