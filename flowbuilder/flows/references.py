"""What a node's settings point at in the workspace, read from the node's own schema: models, knowledge bases, flows, ..."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flowbuilder.engine.catalogue import describe
from flowbuilder.flows.nodes import catalogue

KINDS = frozenset({"model", "knowledge", "dataset", "operation", "flow", "secret"})
"""Widgets (``x-widget``) of settings that point at something."""


@dataclass(frozen=True)
class Reference:
    kind: str
    ref: str
    """Empty where nothing is chosen."""
    setting: str
    """The name of the node's setting that holds it."""
    needed: bool
    """The node cannot work without."""


def references_of(type_id: str, settings: dict[str, Any]) -> Iterator[Reference]:
    """With the defaults of what the settings leave open."""
    kinds = catalogue()
    type_id = kinds.aliases.get(type_id, type_id)
    kind = kinds.kinds.get(type_id)
    if kind is None:
        return
    schema = describe(type_id, kind)["settings_schema"]
    for name, part in schema.get("properties", {}).items():
        value = settings.get(name, part.get("default"))
        yield from _found(part, value, schema.get("$defs", {}), name)


def _found(
    schema: dict[str, Any], value: Any, definitions: dict[str, Any], setting: str
) -> Iterator[Reference]:
    if "$ref" in schema:
        schema = {**definitions[schema["$ref"].rsplit("/", 1)[-1]], **schema}
        schema.pop("$ref")
    widget = schema.get("x-widget")
    if widget in KINDS:
        if isinstance(value, str):
            yield Reference(widget, value.strip(), setting, bool(schema.get("x-needed")))
        return
    for option in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from _found(option, value, definitions, setting)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        if any("const" in part and value.get(name) != part["const"] for name, part in properties.items()):
            return  # another kind of the same setting
        for name, part in properties.items():
            yield from _found(part, value.get(name, part.get("default")), definitions, setting)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _found(schema.get("items", {}), item, definitions, setting)
