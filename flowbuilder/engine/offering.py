"""What a node offers to a model at its port ``tool``."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Mapping
from typing import Any, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from flowbuilder.engine.graph import Graph, NodeSpec
from flowbuilder.engine.ports import OFFER, inputs_of
from flowbuilder.engine.values import to_json
from nodes.base import Context
from nodes.tools.tool import Tool
from nodes.tools.tool_node import NAMING, ToolNode

LONGEST_NAME = 64


def only_offering(graph: Graph) -> set[str]:
    """Ids of nodes that are wired at ``tool`` and nowhere else: they run when a model calls them."""
    outward: dict[str, set[str]] = {}
    for wire in graph.wires:
        outward.setdefault(wire.source, set()).add(wire.source_port)
    return {node_id for node_id, ports in outward.items() if ports == {OFFER}}


async def offer(node: ToolNode, spec: NodeSpec, given: Mapping[str, Any], context: Context) -> Tool:
    """The node as a tool; ``given`` is what is wired into it."""
    parameters = await node.parameters(context) or parameters_of(node)
    about = node.tool_description or await node.about(context) or first_words(type(node))
    return Tool(
        name=node.tool_name or tool_name(spec.label) or tool_name(spec.id),
        description=about,
        parameters=without(parameters, given),
        kind=spec.type,
        settings=node.model_dump(mode="json", exclude=set(NAMING)),
        fixed=to_json(dict(given)),
    )


def parameters_of(node: ToolNode) -> dict[str, Any]:
    """The JSON Schema of the node's inputs, by their types and what ``Annotated`` says of them."""
    hints = typing.get_type_hints(type(node).run, include_extras=True)  # type: ignore[attr-defined]
    fields: dict[str, Any] = {}
    for port in inputs_of(node):
        type_ = hints.get(port.name, port.type)
        fields[port.name] = type_ if port.required else NotRequired[type_]
    return _plain(TypeAdapter(_typed("Arguments", fields)).json_schema())


# As a plain function: mypy knows TypedDict only where its fields are written out.
_typed: Any = TypedDict


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Without the titles that pydantic writes: they cost a model tokens and tell it nothing."""
    schema.pop("title", None)
    schema["additionalProperties"] = False
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
    return schema


def without(parameters: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of what is left to the model."""
    fields = {name: rule for name, rule in parameters.get("properties", {}).items() if name not in given}
    left = {**parameters, "type": "object", "properties": fields}
    if "required" in left:
        left["required"] = [name for name in left["required"] if name in fields]
    return left


def first_words(kind: type[ToolNode]) -> str:
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def tool_name(label: str) -> str:
    """A label as models' APIs allow names; empty where nothing of it is left."""
    return re.sub(r"[^A-Za-z0-9-]+", "_", label).strip("_").lower()[:LONGEST_NAME]
