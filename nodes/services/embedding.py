"""Texts as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Embedding(Protocol):
    """The embedder that is shipped."""

    async def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """A unit vector for each text, in order. Errors: ``Retryable`` when no model worker answers in time."""
        ...
