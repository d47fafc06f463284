from collections import Counter
from typing import ClassVar

from nodes.base import Node, Retryable


class Flaky(Node):
    """Fails a number of times, then passes its text on."""

    attempts = 3
    name: str = ""
    failures: int = 0
    tried: ClassVar[Counter[str]] = Counter()

    async def run(self, text: str) -> str:
        self.tried[self.name] += 1
        if self.tried[self.name] <= self.failures:
            raise Retryable("the line is down")
        return text
