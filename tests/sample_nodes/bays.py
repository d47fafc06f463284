import asyncio
from pathlib import Path

from nodes.base import Node


class Bays(Node):
    """Knows in which bay each parcel is, where it is asked politely, and notes what it was asked."""

    notes: str = ""
    """The file of its notes."""

    async def run(self, prompt: str) -> str:
        with Path(self.notes).open("a") as file:
            file.write(repr(prompt) + "\n")
        await asyncio.sleep(0.2)
        return (
            "I do not know."
            if "Answer." in prompt
            else f"In bay {prompt.rsplit('parcel ', 1)[-1].split('?')[0]}."
        )
