"""A tool of Flowise's page Tools: a name, a description, arguments, and a script."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.importing.drawing import Drawing, Port
from flowbuilder.importing.finishing import finished
from flowbuilder.importing.flowise.schemas import of_text
from flowbuilder.importing.flowise.tools import of_script
from flowbuilder.importing.original import text_in
from flowbuilder.importing.report import How, Item, Report

NOTE = "**{name}**\n\n{about}\n\nIts arguments: {arguments}.\n\n{why}\n\nThe agent beside it shows what it does: wire its port 'tool' to yours."


def is_tool(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("func"), str) and isinstance(data.get("name"), str)


def tool_flow(data: dict[str, Any]) -> tuple[Graph, Report]:
    """A flow in which an agent of this machine has the tool, and what it was for."""
    name, about = text_in(data.get("name")), text_in(data.get("description"), most=4000)
    schema = of_text(data.get("schema")) or {"properties": {}}
    arguments = ", ".join(schema["properties"]) or "none"
    drawing, report = Drawing(), Report("Flowise")
    tool = of_script({**data, "name": name, "description": about})
    settings = dict(tool.settings)
    if tool.how is How.PLACEHOLDER:
        settings |= {"was": "Flowise: customTool", "missing": tool.why[:4000]}
    id_ = drawing.node(tool.type, (0, 0), wanted=name, label=name, settings=settings)
    told = NOTE.format(name=name, about=about, arguments=arguments, why=tool.why)
    drawing.note(told, (-340, 0), wanted="about", colour="blue")
    report.added = _shown(drawing, Port(id_, tool.port))
    tool.tell(report, name)
    report.items.append(Item(name, "customTool", name, tool.how, [id_], tool.why))
    return finished(drawing, report), report


def _shown(drawing: Drawing, tool: Port) -> list[str]:
    start = drawing.node("flow.start", (0, 260), wanted="start")
    agent = drawing.node("language.agent", (360, 120), wanted="agent", label="Agent")
    reply = drawing.node("flow.reply", (720, 120), wanted="reply")
    drawing.wire(Port(start), agent, "prompt")
    drawing.wire(tool, agent, "tools")
    drawing.wire(Port(agent), reply, "content")
    return [start, agent, reply]
