from nodes.base import Node
from nodes.types import Passage, Passages


class Finder(Node):
    """Finds one passage, in a source of the text's name."""

    async def run(self, text: str) -> Passages:
        return Passages(items=(Passage(text=text * 2, source=text, score=1),))
