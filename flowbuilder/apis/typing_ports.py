"""What an operation's parameters take and what it answers with, in the words of ports."""

from collections.abc import Mapping
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.apis.models import Operation
from flowbuilder.apis.nodes import named
from nodes.base import NodeError
from nodes.base import Operation as Described
from nodes.tools.operation_call import schema_of
from nodes.tools.responses import schema_for

PORT_TYPES = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "yes/no",
    "object": "Record",
}
LIST = "list"
ANSWER = "data"
"""The output of the node at which what an operation answers goes out."""
MOST_FIELDS = 60


def types_of_operation(asker: Asker, ref: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is known of inputs and of outputs, by port; nothing where there is no such operation.

    Inputs: ``takes``, the type that a parameter's schema says plainly. The answer: ``gives``, its type, and ``fields``,
    the names and types of an object's, or of the objects in a list.
    """
    there = Operation.objects.visible_to(asker)
    found = named(there, ref)
    if found is None:
        return {}, {}
    operation = there.select_related("description").get(pk=found).as_node_s()
    return _taken(operation), _given(operation)


def _taken(operation: Described) -> dict[str, Any]:
    schema = schema_of(operation)
    definitions = schema.get("$defs", {})
    said = {name: _type(rules, definitions) for name, rules in schema["properties"].items()}
    return {name: {"takes": PORT_TYPES[told]} for name, told in said.items() if told in PORT_TYPES}


def _given(operation: Described) -> dict[str, Any]:
    try:
        schema = schema_for(operation, "")
    except NodeError:
        return {}
    definitions = schema.get("$defs", {})
    answer = _opened(schema, definitions)
    kind = answer.get("type") if isinstance(answer.get("type"), str) else ""
    if kind != "array" and kind not in PORT_TYPES:
        return {}
    one = _opened(answer.get("items", {}), definitions) if kind == "array" else answer
    fields = [
        {"name": name, "type": _word(rules, definitions)}
        for name, rules in list(one.get("properties", {}).items())[:MOST_FIELDS]
    ]
    return {ANSWER: {"gives": LIST if kind == "array" else PORT_TYPES[kind], "fields": fields}}


def _word(rules: Any, definitions: Mapping[str, Any]) -> str:
    told = _type(rules, definitions)
    return LIST if told == "array" else PORT_TYPES.get(told, "anything")


def _type(rules: Any, definitions: Mapping[str, Any]) -> str:
    """Of what it is or what it refers to; empty where the schema leaves it open."""
    told = _opened(rules, definitions).get("type")
    return told if isinstance(told, str) else ""


def _opened(rules: Any, definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(rules, dict):
        return {}
    named_elsewhere = str(rules.get("$ref", "")).removeprefix("#/$defs/")
    found = definitions.get(named_elsewhere, rules)
    return found if isinstance(found, dict) else {}
