from nodes.base import Node
from tests.sample_nodes.fork import Branches


class Longer(Node):
    """Tells long texts from short ones."""

    than: int = 3

    async def run(self, text: str) -> Branches:
        return Branches(text, None) if len(text) > self.than else Branches(None, text)
