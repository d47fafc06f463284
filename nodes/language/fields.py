"""Reads a JSON Schema out of a described record: lines such as ``- weight_kg: number``."""

import re
from typing import Any

LINE = re.compile(
    r"^\s*[-*]\s+`?([A-Za-z_][\w.-]*)`?\s*:\s*([a-z-]+)\s*(?:\((?:enum:\s*)?([^)]*)\))?\s*$", re.MULTILINE
)
TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string", "minLength": 1},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
}


def schema_of(prompt: str) -> dict[str, Any] | None:
    """An object schema with the fields in their order, all required; None where nothing is described."""
    properties: dict[str, Any] = {}
    for name, kind, listed in LINE.findall(prompt):
        choices = [choice.strip() for choice in listed.split(",") if choice.strip()]
        if kind == "enum" and choices:
            properties[name] = {"type": "string", "enum": choices}
        elif kind in TYPES:
            properties[name] = TYPES[kind]
    if not properties:
        return None
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
