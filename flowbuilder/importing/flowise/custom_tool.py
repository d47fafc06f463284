"""A tool of Flowise's page Tools: a name, a description, arguments, and a script."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.importing.drawing import Drawing, as_text
from flowbuilder.importing.finishing import finished
from flowbuilder.importing.flowise.schemas import of_text
from flowbuilder.importing.flowise.tools import REASONS, tool_name
from flowbuilder.importing.original import text_in
from flowbuilder.importing.report import How, Item, Report

NOTE = (
    "**{name}**\n\n{about}\n\nIts arguments: {arguments}.\n\nIts JavaScript cannot run here: it is kept in the placeholder. "
    "Write the same in a node 'Code' or 'HTTP request', and wire its port 'tool' to an agent."
)


def is_tool(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("func"), str) and isinstance(data.get("name"), str)


def tool_flow(data: dict[str, Any]) -> tuple[Graph, Report]:
    """A flow with the tool's placeholder and what it was for."""
    name, about = text_in(data.get("name")), text_in(data.get("description"), most=4000)
    schema = of_text(data.get("schema")) or {"properties": {}}
    arguments = ", ".join(schema["properties"]) or "none"
    drawing, report = Drawing(), Report("Flowise")
    kept = {key: data.get(key) for key in ("name", "description", "schema", "func")}
    settings = {
        "was": "Flowise: customTool",
        "missing": REASONS["customTool"],
        "kept": as_text(kept),
        "tool_name": tool_name(name),
        "tool_description": about,
    }
    id_ = drawing.node("flow.placeholder", (0, 0), wanted=name, label=name, settings=settings)
    told = NOTE.format(name=name, about=about, arguments=arguments)
    drawing.note(told, (-320, 0), wanted="about", colour="blue")
    report.items.append(Item(name, "customTool", name, How.PLACEHOLDER, [id_], REASONS["customTool"]))
    return finished(drawing, report), report
