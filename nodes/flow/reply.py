from nodes.base import Node


class Reply(Node):
    """Where a run ends: what arrives here is the answer."""

    title = "Reply"
    icon = "message-square"
    tags = ("output", "answer", "end")
    is_reply = True
    pure = True

    async def run(self, content: object) -> str:
        return str(content)
