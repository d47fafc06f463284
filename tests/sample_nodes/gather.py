from nodes.base import Node


class Gather(Node):
    """Joins all that is wired into one port."""

    async def run(self, texts: list[str]) -> str:
        return "+".join(texts)
