"""Dify's agents and the tools that they, or steps, call."""

from __future__ import annotations

from typing import Any

from flowbuilder.importing.dify.selecting import Made, selected
from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.flowise.as_tool import AsTool
from flowbuilder.importing.flowise.tools import OTHERWISE, SERVER, tool_name
from flowbuilder.importing.original import Original, mapping, text_in, whole_in
from flowbuilder.importing.providers import ModelSettings, model_of
from flowbuilder.importing.report import How
from flowbuilder.importing.searches import TOLD, search, todo
from flowbuilder.importing.speaking import Asked, speak
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.standing import placeholder_of

STRATEGY = "It calls tools as the model's maker does it, whatever its strategy was."
PAGE = "It reads one page that the model names."


def model_from(value: Any) -> ModelSettings:
    model = mapping(value)
    provider = text_in(model.get("provider")).rpartition("/")[2] or "a model"
    name = text_in(model.get("name")) or text_in(model.get("model"))
    return model_of(provider, {"modelName": name, **mapping(model.get("completion_params"))})


def agent(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore(*(name for name in original.inputs if name != "agent_parameters"))
    given = {
        name: mapping(said).get("value")
        for name, said in mapping(original.take("agent_parameters", {})).items()
    }
    memory = mapping(original.inputs.get("memory"))
    remembers = bool(mapping(memory.get("window")).get("enabled"))
    asked = Asked(
        [("system", text_in(given.get("instruction"), most=200_000))],
        memory=remembers,
        user=text_in(given.get("query"), most=50_000) or "{{#sys.query#}}",
    )
    listed = given.get("tools")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    tools = [offered(stage, original, row) for row in rows if row.get("enabled", True)]
    most = whole_in(given.get("maximum_iterations"), 1, 50)
    id_ = speak(stage, original, before, asked, model_from(given.get("model")), tools=tools, most_steps=most)
    stage.became(original, How.APPROXIMATED, STRATEGY, id_)
    return {"": Exit.of(Port(id_))}


def offered(stage: Stage, original: Original, row: dict[str, Any]) -> Port:
    """A node beside an agent that offers itself to it."""
    kind = text_in(row.get("tool_name")) or "tool"
    found = as_tool(row)
    settings = dict(found.settings)
    if found.type == "flow.placeholder":
        inner = Original(original.id, kind, kind, original.at, {"settings": row.get("settings")})
        settings = placeholder_of(stage.report.source, inner, found.why, [], [])
        stage.report.needs(original.label, f"The tool '{kind}' is a placeholder: {found.why}")
    told = text_in(mapping(row.get("extra")).get("description"), most=4000)
    settings.setdefault("tool_name", tool_name(kind))
    settings.setdefault("tool_description", told or text_in(row.get("tool_description"), most=4000))
    label = text_in(row.get("tool_label")) or kind
    id_ = stage.add(original, found.type, settings, label=label, beside=-320)
    found.tell(stage.report, original.label)
    return Port(id_, found.port)


def as_tool(row: dict[str, Any]) -> AsTool:
    """By the names of Dify's own tools."""
    kind, provider = (
        text_in(row.get("tool_name")),
        text_in(row.get("provider_name") or row.get("provider_id")),
    )
    if text_in(row.get("type") or row.get("provider_type")) == "mcp":
        return AsTool("tools.mcp", {}, How.APPROXIMATED, "", "tools", SERVER.format(kind=provider or kind))
    last = provider.rpartition("/")[2]
    for name in (kind, last):
        if (asks := search(name)) is not None:
            return AsTool("tools.http_request", asks, How.APPROXIMATED, TOLD, todo=todo(name))
    if kind in {"current_time", "timezone_conversion", "localtime_to_timestamp", "weekday"}:
        return AsTool("tools.date")
    if kind in {"webscraper", "scrape", "web_reader"}:
        return AsTool("tools.web_page", how=How.APPROXIMATED, why=PAGE)
    if kind in {"eval_expression", "calculator"}:
        return AsTool("tools.calculator")
    return AsTool("flow.placeholder", how=How.PLACEHOLDER, why=OTHERWISE)


PORTS = {
    "tools.date": ("when", "out"),
    "tools.web_page": ("url", "out"),
    "tools.calculator": ("expression", "out"),
    "tools.http_request": ("query", "text"),
}


def tool(stage: Stage, original: Original, before: Exit | None) -> Made:
    """A step that calls one tool, with its first argument."""
    name = text_in(original.inputs.get("tool_label")) or text_in(original.inputs.get("tool_name"))
    found = as_tool(original.inputs)
    if found.type not in PORTS:
        why = f"It called the tool '{name}'. An 'HTTP request', an 'MCP server' or a 'Code' node may take its place."
        return stage.placeholder(original, before, why, [""])
    original.ignore(*(key for key in original.inputs if key != "tool_parameters"))
    into, out = PORTS[found.type]
    settings = {key: held for key, held in found.settings.items() if not key.startswith("tool_")}
    id_ = stage.add(original, found.type, settings)
    given = next(iter(mapping(original.take("tool_parameters", {})).values()), None)
    value = _argument(stage, original, mapping(given))
    said = Port(id_, out)
    if value is not None and found.type != "tools.date":
        stage.drawing.wire(stage.held(original, value, before), id_, into)
    elif before is not None:
        said = stage.after(original, said, before.control)
    found.tell(stage.report, original.label)
    stage.became(
        original, How.APPROXIMATED if found.why else found.how, found.why, *dict.fromkeys((id_, said.node))
    )
    return {"": Exit.of(said)}


def _argument(stage: Stage, original: Original, given: dict[str, Any]) -> Port | None:
    """``{type: variable, value: [node, name]}``, or a text that may name some."""
    value = given.get("value")
    if isinstance(value, list):
        return selected(stage, original, value)
    template, ports = stage.fill(original, text_in(value, most=50_000))
    if not template.strip():
        return None
    id_ = stage.add(original, "text.prompt", {"template": template}, label="argument", beside=-320)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    return Port(id_)
