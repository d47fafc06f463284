"""Mail, through the server that the administrator has set up, to recipients that they allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Letter:
    to: Sequence[str]
    subject: str
    text: str
    reply_to: str = ""


class Mail(Protocol):
    async def send(self, letter: Letter) -> str:
        """Its message id. Errors: ``NodeError`` naming the recipient, or what is not set up."""
        ...
