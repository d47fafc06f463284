"""What a JSON Schema says against a value. Reads no other document and stops a pattern that takes too long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable

PATTERN_SECONDS = 0.25


def errors_of(value: Any, schema: dict[str, Any]) -> list[str]:
    """``where: reason`` for each broken rule, empty when the value is valid."""
    # An own registry: by default jsonschema fetches a remote "$ref" over the network.
    validator = _Validator(schema, registry=Registry(), format_checker=FormatChecker())
    try:
        return [
            f"{'.'.join(map(str, error.absolute_path)) or 'record'}: {error.message}"
            for error in validator.iter_errors(value)
        ]
    except Unresolvable as error:
        return [f"record: the schema refers to {error.ref!r}, which is not in it"]


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(value, str):
        return
    try:
        found = regex.search(pattern, value, timeout=PATTERN_SECONDS)
    except TimeoutError:
        yield ValidationError(f"the pattern {pattern!r} takes longer than {PATTERN_SECONDS} s on this text")
    except regex.error as error:
        yield ValidationError(f"{pattern!r} is not a pattern: {error}")
    else:
        if not found:
            yield ValidationError(f"{value!r} does not match {pattern!r}")


_Validator = validators.extend(Draft202012Validator, {"pattern": _pattern})
