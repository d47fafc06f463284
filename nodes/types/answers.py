"""What a model answers in another form than text, and how well."""

from __future__ import annotations

import json
from typing import Any

from nodes.types.value import Value


class Record(Value):
    """A JSON object, or a list of them, that has been checked against a schema."""

    data: dict[str, Any] | list[Any]

    def __str__(self) -> str:
        return json.dumps(self.data, ensure_ascii=False)


class Candidates(Value):
    """Several answers to one prompt."""

    prompt: str
    answers: tuple[str, ...]


class ScorePart(Value):
    """One reward's share of a score."""

    name: str
    value: float
    """In 0..1."""
    weight: float
    reason: str = ""


class Score(Value):
    """A weighted mean of rewards, with its parts."""

    value: float
    parts: tuple[ScorePart, ...] = ()

    def __str__(self) -> str:
        return f"{self.value:.3f}"
