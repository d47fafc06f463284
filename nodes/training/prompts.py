"""Prompts to train or compare on, one a line."""

from __future__ import annotations

import json

from pydantic import ValidationError

from nodes.types import PromptLine


def prompts_of(text: str) -> list[PromptLine]:
    """A line is a prompt, or JSON with "prompt" and perhaps "reference" (for prompts of several lines).

    ``ValueError`` names the line.
    """
    lines = [
        _prompt(number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError('there are no prompts; write one a line, or {"prompt": "...", "reference": "..."}')
    return lines


def _prompt(number: int, line: str) -> PromptLine:
    if not line.startswith("{"):
        return PromptLine(prompt=line)
    try:
        return PromptLine.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"line {number}: '{where}': {first['msg']}") from error
    except ValueError as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
