import asyncio

from nodes.base import Node


class Doze(Node):
    """Takes a while, then passes its text on."""

    seconds: float = 0.5

    async def run(self, text: str) -> str:
        await asyncio.sleep(self.seconds)
        return text
