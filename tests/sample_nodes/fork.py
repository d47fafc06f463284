from dataclasses import dataclass

from nodes.base import Node


@dataclass(frozen=True)
class Branches:
    yes: str | None
    no: str | None


class Fork(Node):
    """Passes its text to one of two ports."""

    to_yes: bool = True

    async def run(self, text: str) -> Branches:
        return Branches(text, None) if self.to_yes else Branches(None, text)
