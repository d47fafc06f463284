"""What a caller brings along for the flow's model: tools of its own, a form for the reply, sampling.

A flow takes them where the node whose words are the reply is a model or an agent; else a 400 says which part it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator, SchemaError
from ninja import Schema

from flowbuilder.engine.graph import Graph
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.publishing.openai.finding import refusal
from flowbuilder.publishing.overrides import allowed_of
from flowbuilder.publishing.speaker import speaker_of
from nodes.services.caller import AUTO, NONE, REQUIRED, THEIRS

MOST_TOOLS = 64
LONGEST_SCHEMA = 100_000
"""Characters of a schema, and of all tools together."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
SAMPLING = {
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "seed": ("seed",),
    "stop": ("stop",),
    "max_new_tokens": ("max_completion_tokens", "max_tokens", "max_output_tokens"),
}
"""Setting of a model node -> what OpenAI calls it, in several of its APIs."""


class Sampled(Schema):
    """What callers may ask of a model; it counts as far as the flow's owner leaves it to callers."""

    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    max_output_tokens: int | None = None


@dataclass(frozen=True)
class Brought:
    """As the caller's request has it, in one shape for both APIs."""

    tools: Sequence[Mapping[str, Any]] = ()
    """``{name, description, parameters}`` each."""
    choice: str = AUTO
    several: bool = True
    json_schema: dict[str, Any] | None = None
    sampling: Sampled = field(default_factory=Sampled)


def schema_of_format(asked: Mapping[str, Any] | None, where: str) -> dict[str, Any] | None:
    """The JSON Schema that the reply must satisfy; None for plain text."""
    kind = (asked or {"type": "text"}).get("type")
    if kind == "text":
        return None
    if kind == "json_object":
        return {"type": "object"}
    if kind != "json_schema" or asked is None:
        raise refusal(where, f"The type '{kind}' is not known; there are text, json_object and json_schema.")
    inner = asked.get("json_schema", asked)  # nested in chat completions, flat in responses
    schema = inner.get("schema") if isinstance(inner, Mapping) else None
    return must_be_a_schema(schema, f"{where}.json_schema.schema")


def must_be_a_schema(schema: Any, where: str) -> dict[str, Any]:
    if not isinstance(schema, dict):
        raise refusal(where, f"'{where}' is a JSON Schema: an object.")
    if len(json.dumps(schema)) > LONGEST_SCHEMA:
        raise refusal(where, f"'{where}' has more than {LONGEST_SCHEMA:,} characters.")
    if schema.get("type", "object") != "object":
        raise refusal(where, f'\'{where}\' needs "type": "object" at its top.')
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise refusal(where, f"'{where}' is no JSON Schema: {error.message}") from error
    except RecursionError as error:
        raise refusal(where, f"'{where}' is nested too deeply.") from error
    return schema


def tools_of(asked: Sequence[Mapping[str, Any]], *, nested: bool) -> list[dict[str, Any]]:
    """``nested``: as chat completions write them, ``{type, function: {...}}``."""
    found = []
    for index, tool in enumerate(asked):
        where = f"tools.{index}"
        if tool.get("type") != "function":
            raise refusal(where, f"Tools of the type '{tool.get('type')}' are not taken, only functions.")
        told = tool.get("function") if nested else tool
        if not isinstance(told, Mapping) or not NAME.fullmatch(str(told.get("name", ""))):
            raise refusal(where, "A function needs a name of up to 64 letters, digits, '_' and '-'.")
        parameters = told.get("parameters") or {"type": "object", "properties": {}}
        must_be_a_schema(parameters, f"{where}.parameters")
        description = str(told.get("description") or "")
        found.append({"name": told["name"], "description": description, "parameters": parameters})
    if len(found) > MOST_TOOLS or len(json.dumps(found)) > LONGEST_SCHEMA:
        raise refusal("tools", f"{MOST_TOOLS} tools and {LONGEST_SCHEMA:,} characters of them are the most.")
    names = [tool["name"] for tool in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise refusal("tools", f"Two tools are called '{twice}'.")
    return found


def choice_of(asked: Any, tools: Sequence[Mapping[str, Any]]) -> str:
    """auto, none, required, or the name of one of the tools."""
    if asked is None:
        return AUTO
    if isinstance(asked, Mapping):
        inner = asked.get("function", asked)
        asked = inner.get("name") if asked.get("type") == "function" and isinstance(inner, Mapping) else asked
        if asked in [tool["name"] for tool in tools]:
            return str(asked)
    elif asked in (AUTO, NONE) or (asked == REQUIRED and tools):
        return str(asked)
    raise refusal("tool_choice", "It is auto, none, required, or a function among 'tools' by its name.")


def told_to(flow: Flow, brought: Brought, exchange: list[dict[str, Any]]) -> dict[str, Any]:
    """What the run is given for its model (``runs.models.Run.caller``); empty where nothing was brought."""
    wants_tools = bool(brought.tools) or bool(exchange)
    if not wants_tools and brought.json_schema is None:
        return {}
    node = _speaker(flow)
    if not node:
        if wants_tools:
            raise refusal(
                "tools",
                f"'{flow.slug}' takes no tools of its callers: its reply is not the words of one model or agent "
                "node that is wired to Reply. Leave 'tools' out, or wire such a node to Reply.",
            )
        return {}  # its reply is checked once it is there
    return {
        "node": node,
        "tools": [{**tool, "kind": THEIRS} for tool in brought.tools],
        "choice": brought.choice,
        "several": brought.several,
        "exchange": exchange,
        "json_schema": brought.json_schema,
    }


def overrides_of(
    flow: Flow, brought: Brought, asked: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What is asked for, and the caller's sampling as far as the owner leaves it to callers; the rest is the flow's."""
    sampled = {
        setting: value
        for setting, names in SAMPLING.items()
        if (value := next((v for name in names if (v := getattr(brought.sampling, name)) is not None), None))
        is not None
    }
    if not sampled:
        return dict(asked)
    node, allowed = _speaker(flow), allowed_of(flow)
    wanted = {
        setting: [value] if setting == "stop" and isinstance(value, str) else value
        for setting, value in sampled.items()
        if (node, setting) in allowed
    }
    return {**asked, **({node: {**wanted, **asked.get(node, {})}} if wanted else {})}


def _speaker(flow: Flow) -> str:
    graph = Graph.model_validate(flow.published_version.graph if flow.published_version else {})
    node = speaker_of(graph)
    return node if node and catalogue().kind(graph.node(node).type).takes_caller else ""
