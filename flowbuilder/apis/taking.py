"""What an operation's parameters take, in the words of ports."""

from collections.abc import Mapping
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.apis.models import Operation
from flowbuilder.apis.nodes import named
from nodes.tools.operation_call import schema_of

PORT_TYPES = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "yes/no",
    "object": "Record",
}


def types_taken(asker: Asker, ref: str) -> dict[str, str]:
    """The type of each parameter, and of ``body``, that its schema says plainly; empty where there is no such operation."""
    there = Operation.objects.visible_to(asker)
    found = named(there, ref)
    if found is None:
        return {}
    schema = schema_of(there.select_related("description").get(pk=found).as_node_s())
    definitions = schema.get("$defs", {})
    said = {name: _type(rules, definitions) for name, rules in schema["properties"].items()}
    return {name: PORT_TYPES[told] for name, told in said.items() if told in PORT_TYPES}


def _type(rules: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """Of what it is or what it refers to; empty where the schema leaves it open."""
    named_elsewhere = str(rules.get("$ref", "")).removeprefix("#/$defs/")
    told = definitions.get(named_elsewhere, rules).get("type")
    return told if isinstance(told, str) else ""
