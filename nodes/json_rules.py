"""What a JSON Schema says against a value. Reads no other document and stops a pattern that takes too long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable

from nodes.json_formats import CHECKER
from nodes.json_patterns import SECONDS, found


def errors_of(value: Any, schema: dict[str, Any]) -> list[str]:
    """``where: reason`` for each broken rule, empty when the value is valid."""
    try:
        return [f"{place(error)}: {error.message}" for error in validator_of(schema).iter_errors(value)]
    except Unresolvable as error:
        return [f"record: the schema refers to {error.ref!r}, which is not in it"]
    except RecursionError:
        return ["record: it is nested too deeply to be checked"]


def validator_of(schema: dict[str, Any]) -> Draft202012Validator:
    """An own registry: by default jsonschema fetches a remote "$ref" over the network."""
    return _Validator(schema, registry=Registry(), format_checker=CHECKER)


def place(error: ValidationError) -> str:
    return ".".join(map(str, error.absolute_path)) or "record"


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(value, str):
        return
    try:
        if not found(pattern, value):
            yield ValidationError(f"{value!r} does not match {pattern!r}")
    except (TimeoutError, regex.error) as error:
        yield _unreadable(pattern, error)


def _pattern_properties(validator: Any, patterns: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(value, dict):
        return
    for pattern, rule in patterns.items():
        try:
            keys = [key for key in value if found(pattern, key)]
        except (TimeoutError, regex.error) as error:
            yield _unreadable(pattern, error)
            continue
        for key in keys:
            yield from validator.descend(value[key], rule, path=key, schema_path=pattern)


def _additional_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(value, dict):
        return
    try:
        patterns = schema.get("patternProperties", {})
        others = [
            key
            for key in value
            if key not in schema.get("properties", {})
            and not any(found(pattern, key) for pattern in patterns)
        ]
    except (TimeoutError, regex.error):
        return  # patternProperties tells of it
    if rule is False and others:
        names = ", ".join(map(repr, others[:5]))
        yield ValidationError(f"{names} {'is' if len(others) == 1 else 'are'} not among what it may have")
    elif isinstance(rule, dict):
        for key in others:
            yield from validator.descend(value[key], rule, path=key)


def _unreadable(pattern: str, error: Exception) -> ValidationError:
    if isinstance(error, TimeoutError):
        return ValidationError(f"the pattern {pattern!r} takes longer than {SECONDS} s on this text")
    return ValidationError(f"{pattern!r} is not a pattern: {error}")


_Validator = validators.extend(
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
    },
)
