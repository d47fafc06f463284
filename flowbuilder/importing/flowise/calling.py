"""A step that calls one tool, with arguments that its texts name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flowbuilder.importing.drawing import Exit, Port, port_name
from flowbuilder.importing.flowise.as_tool import AsTool
from flowbuilder.importing.flowise.tools import SERVER, as_tool
from flowbuilder.importing.flowise.writing import written
from flowbuilder.importing.original import Original, mapping
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.texts import plain

NAME = re.compile(r"\{\{ (\w+) \}\}")
SINGLE = {
    "tools.calculator": "expression",
    "tools.web_page": "url",
    "knowledge.retrieve": "question",
    "tools.sql_query": "sql",
}
"""Nodes with one input, which the only argument goes into."""
OUTPUTS = {
    "tools.http_request": "text",
    "tools.code": "text",
    "tools.send_mail": "text",
    "tools.sql_query": "text",
}


def called_tool(stage: Stage, original: Original, before: Exit | None) -> Mapping[str, Exit]:
    kind = original.text("toolAgentflowSelectedTool")
    given = mapping(original.take("toolAgentflowSelectedToolConfig", {}))
    original.ignore("toolUpdateState")
    rows = {
        str(row.get("inputArgName")): plain(str(row.get("inputArgValue") or ""))
        for row in original.rows("toolInputArgs")
        if row.get("inputArgName")
    }
    tool = as_tool(kind, given, stage.known.tools)
    if tool.type == "tools.mcp":
        tool = _mcp(kind, given, tool, list(rows))
    if tool.type == "flow.placeholder":
        why = f"It called the tool '{kind}'. {tool.why}".strip()
        return stage.placeholder(original, before, why, [""])
    inputs = _inputs(tool, rows)
    id_ = stage.add(
        original,
        tool.type,
        {name: held for name, held in tool.settings.items() if not name.startswith("tool_")},
    )
    gate = before
    for port, text in inputs.items():
        stage.drawing.wire(written(stage, original, text or " ", gate), id_, port)
        gate = None
    for name in rows.keys() - {name for name in rows if port_name(name) in inputs or len(rows) == 1}:
        stage.report.lose(original.label, f"toolInputArgs: {name}", rows[name])
    tool.tell(stage.report, original.label)
    said = Port(id_, OUTPUTS.get(tool.type, "out"))
    if not inputs and before is not None:
        said = stage.after(original, said, before.control)
    stage.became(original, tool.how, tool.why, *dict.fromkeys((id_, said.node)))
    return {"": Exit.of(said)}


def _inputs(tool: AsTool, rows: Mapping[str, str]) -> dict[str, str]:
    """Each input with the text that it gets."""
    if tool.type in SINGLE and len(rows) == 1:
        return {SINGLE[tool.type]: next(iter(rows.values()))}
    if tool.type == "tools.mcp_call":
        return {name: rows[name] for name in tool.settings["wired"]}
    named = {port_name(name): text for name, text in rows.items()}
    wanted = tool.settings.get("names") or NAME.findall(json.dumps(tool.settings, ensure_ascii=False))
    return {name: named.get(name, "") for name in dict.fromkeys(wanted)}


def _mcp(kind: str, given: Mapping[str, Any], tool: AsTool, names: list[str]) -> AsTool:
    """One call of a server, in place of an agent's choice."""
    try:
        actions = json.loads(str(given.get("mcpActions") or "[]"))
    except (ValueError, RecursionError):
        actions = []
    first = next((name for name in actions if isinstance(name, str)), "") if isinstance(actions, list) else ""
    settings = {
        **tool.settings,
        "tool": first[:200],
        "wired": [name for name in names if name.isidentifier()][:50],
    }
    todo = tool.todo or ("" if settings.get("server") else SERVER.format(kind=kind))
    return AsTool("tools.mcp_call", settings, tool.how, tool.why, "out", todo)
