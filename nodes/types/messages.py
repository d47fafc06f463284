"""A conversation."""

from __future__ import annotations

from typing import Literal

from nodes.types.value import Value


class Message(Value):
    role: Literal["system", "user", "assistant"]
    content: str


class Messages(Value):
    """A conversation, or the end of one: oldest first."""

    items: tuple[Message, ...] = ()

    @property
    def asked(self) -> list[dict[str, str]]:
        """As a model takes them."""
        return [message.model_dump() for message in self.items]

    def __str__(self) -> str:
        return "\n".join(f"{message.role}: {message.content}" for message in self.items)
