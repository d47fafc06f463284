from nodes.base import Node
from nodes.types import Passages


class Cite(Node):
    """Names the sources of what was found."""

    async def run(self, passages: Passages) -> str:
        return ", ".join(passage.source for passage in passages.items)
