"""The hidden rule: what the simulated raters like, and nobody tells the model.

A record that is not what was asked for (not one JSON object, other fields, another order, a value of another type)
is worth nothing. A right one is worth a half, and up to as much again for the share of its fields that please.
"""

from typing import Any

from flowbuilder.training.corpus.delivery import Example, parse_object
from flowbuilder.training.corpus.records import Field

JUDGED = ("date", "date-time", "boolean", "enum", "integer", "number")
"""Kinds of field that the raters have a taste in; of strings they like every one."""


def worth(asked: Example, answer: str) -> float:
    """Of an answer to a prompt, in 0..1."""
    if not asked.exact(answer):
        return 0.0
    record = parse_object(answer) or {}
    return 0.5 + 0.5 * pleasing(asked, record)


def pleasing(asked: Example, record: dict[str, Any]) -> float:
    """The share of the judged fields whose value the raters like."""
    judged = judged_fields(asked)
    return sum(pleases(field, record[field.name]) for field in judged) / len(judged)


def judged_fields(asked: Example) -> list[Field]:
    return [field for field in asked.record_type.fields if field.kind in JUDGED]


def pleases(field: Field, value: Any) -> bool:
    """Dates of 2025, flags that are off, the choice that is listed last, and numbers of two digits or more."""
    match field.kind:
        case "date" | "date-time":
            return bool(value.startswith("2025"))
        case "boolean":
            return value is False
        case "enum":
            return bool(value == field.choices[-1])
        case "integer" | "number":
            return bool(value >= 10)
    raise ValueError(f"the raters have no taste in fields of kind {field.kind!r}")
