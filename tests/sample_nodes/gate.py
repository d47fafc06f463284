import asyncio
from typing import ClassVar

from nodes.base import Node


class Gate(Node):
    """Says that it was reached, then waits until the test opens it."""

    name: str = ""
    reached: ClassVar[dict[str, asyncio.Event]] = {}
    opened: ClassVar[dict[str, asyncio.Event]] = {}

    async def run(self, text: str) -> str:
        self.reached.setdefault(self.name, asyncio.Event()).set()
        await self.opened.setdefault(self.name, asyncio.Event()).wait()
        return text
