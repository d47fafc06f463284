from nodes.base import Node


class Broken(Node):
    """Breaks with an error that nobody should see."""

    async def run(self, text: str) -> str:
        raise RuntimeError("secret path /etc/shadow")
