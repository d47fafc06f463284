"""Demonstrations as JSON lines."""

from __future__ import annotations

import json

from pydantic import ValidationError

from nodes.types import Demonstration, Demonstrations


def demonstrations_of(text: str) -> Demonstrations:
    """``{"prompt", "completion"}`` or ``{"messages"}`` a line; empty lines do not count. ``ValueError`` names the line."""
    lines = enumerate(text.splitlines(), start=1)
    return Demonstrations(
        examples=tuple(_demonstration(number, line) for number, line in lines if line.strip())
    )


def _demonstration(number: int, line: str) -> Demonstration:
    try:
        return Demonstration.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"line {number}: {f'{where!r}: ' if where else ''}{first['msg']}") from error
    except ValueError as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
