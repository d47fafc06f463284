from nodes.base import Node, NodeError


class BreaksOn(Node):
    """Passes its text on, unless it begins with a letter."""

    letter: str = "q"

    async def run(self, text: str) -> str:
        if text.startswith(self.letter):
            raise NodeError(f"It begins with {self.letter}.")
        return text
