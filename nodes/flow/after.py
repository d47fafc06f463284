from nodes.base import Node


class After(Node):
    """Passes a value on once something else has arrived, and not at all where that branch was not taken."""

    title = "After"
    icon = "arrow-right-to-line"
    tags = ("wait for", "order", "sequence", "gate", "then", "control")
    pure = True

    async def run(self, value: object, after: object) -> object:
        return value
