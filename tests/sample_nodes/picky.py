from nodes.base import Node, NodeError


class Picky(Node):
    """Passes its text on, unless it is no."""

    async def run(self, text: str) -> str:
        if text == "no":
            raise NodeError("I take no 'no'.")
        return text
