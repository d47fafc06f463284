"""What was said before in the conversation that a run belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Turn:
    """What was asked and what the flow replied."""

    question: str
    reply: str


class Conversation(Protocol):
    """The earlier runs of this flow in the session of this run."""

    async def turns(self, most: int) -> Sequence[Turn]:
        """The last that were answered, oldest first."""
        ...

    async def recall(self, name: str) -> Any:
        """What ``keep`` put aside for this conversation under that name; else None."""
        ...

    async def keep(self, name: str, value: Any) -> None:
        """Put a JSON value aside for later runs of this conversation."""
        ...
