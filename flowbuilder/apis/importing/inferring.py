"""A schema from examples, for documents that have nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nodes.json_formats import CHECKER

TOLD_BY_FORM = ("date-time", "date", "uuid", "email", "uri", "ipv4", "ipv6", "time")
MOST_EXAMPLES = 5


def schema_of(values: Sequence[Any]) -> dict[str, Any]:
    """What all of the values satisfy, with some of them as examples."""
    kinds = list(dict.fromkeys(_kind(value) for value in values))
    if "number" in kinds and "integer" in kinds:
        kinds.remove("integer")
    rule: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds} if kinds else {}
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        rule |= _of_objects(objects)
    if lists := [value for value in values if isinstance(value, list)]:
        items = [item for value in lists for item in value]
        rule["items"] = schema_of(items) if items else {}
        if all(lists):
            rule["minItems"] = 1
    scalars = [
        value for value in values if isinstance(value, str | int | float) and not isinstance(value, bool)
    ]
    texts = [value for value in scalars if isinstance(value, str)]
    if texts:
        for name in TOLD_BY_FORM:
            if all(CHECKER.conforms(text, name) and text for text in texts):
                rule["format"] = name
                break
    if scalars:
        rule["examples"] = list(dict.fromkeys(scalars))[:MOST_EXAMPLES]
    return rule


def _of_objects(objects: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = list(dict.fromkeys(name for each in objects for name in each))
    return {
        "properties": {name: schema_of([each[name] for each in objects if name in each]) for name in names},
        "required": [name for name in names if all(name in each for each in objects)],
    }


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((int, "integer"), (float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object"
