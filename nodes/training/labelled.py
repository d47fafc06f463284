"""Labelled texts as JSON lines."""

from __future__ import annotations

import json

from pydantic import ValidationError

from nodes.types import LabelledText


def labelled_of(text: str) -> tuple[LabelledText, ...]:
    """``{"text", "label"}`` a line; empty lines do not count. ``ValueError`` names the line."""
    lines = enumerate(text.splitlines(), start=1)
    return tuple(_labelled(number, line) for number, line in lines if line.strip())


def _labelled(number: int, line: str) -> LabelledText:
    try:
        return LabelledText.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"line {number}: {f'{where!r}: ' if where else ''}{first['msg']}") from error
    except ValueError as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
