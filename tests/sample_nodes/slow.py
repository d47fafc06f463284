import asyncio

from nodes.base import Node


class Slow(Node):
    """Takes longer than it may."""

    timeout = 0.05

    async def run(self, text: str) -> str:
        await asyncio.sleep(30)
        return text
