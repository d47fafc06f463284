"""A prompt that is tried, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["start", "form", "edit", "examples", "model"]


@dataclass(frozen=True)
class Candidate:
    text: str
    how: How = "start"
    detail: str = ""
    shown: frozenset[int] = frozenset()
    """Cases that stand in it as examples: it is not scored on these."""


@dataclass(frozen=True)
class Slots:
    """What the placeholders of a prompt carry."""

    question: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    """What was looked up or comes with the question."""

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.context, *self.question)
