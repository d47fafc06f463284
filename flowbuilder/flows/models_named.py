"""Which models the flows name, read from each node's own schema: what the model pages ask of this layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.engine.catalogue import describe
from flowbuilder.engine.graph import nodes_within
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.modelhub.uses import Mention


def mentions(asker: Asker) -> Iterator[Mention]:
    """In every draft and every live version, by the flow's name."""
    flows = Flow.objects.visible_to(asker).select_related("published_version").order_by("name")
    for flow in flows.iterator():
        live = flow.published_version
        graphs = [(None, flow.graph), *([(live.number, live.graph)] if live else [])]
        for version, graph in graphs:
            for path, node in nodes_within(graph):
                label = node.get("label") or path
                for ref in dict.fromkeys(named_by(node)):
                    yield Mention(ref, flow.pk, flow.name, version, label)


def named_by(node: dict[str, Any]) -> Iterator[str]:
    """The references in a node's settings, with the defaults of what it leaves open."""
    kinds = catalogue()
    type_id = kinds.aliases.get(node["type"], node["type"])
    kind = kinds.kinds.get(type_id)
    if kind is None:
        return
    schema = describe(type_id, kind)["settings_schema"]
    yield from _found(schema, node.get("settings") or {}, schema.get("$defs", {}))


def _found(schema: dict[str, Any], value: Any, definitions: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        schema = {**definitions[schema["$ref"].rsplit("/", 1)[-1]], **schema}
        schema.pop("$ref")
    if schema.get("x-widget") == "model":
        if isinstance(value, str) and value:
            yield value
        return
    for option in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from _found(option, value, definitions)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        if any("const" in part and value.get(name) != part["const"] for name, part in properties.items()):
            return  # another kind of the same setting
        for name, part in properties.items():
            yield from _found(part, value.get(name, part.get("default")), definitions)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _found(schema.get("items", {}), item, definitions)
