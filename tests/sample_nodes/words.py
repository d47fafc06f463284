from collections.abc import AsyncIterator

from nodes.base import Context, Node


class Words(Node):
    """Streams its text word by word and counts them."""

    async def run(self, ctx: Context, text: str) -> AsyncIterator[str]:
        for word in text.split(" "):
            yield f"{word} "
        ctx.report("usage", {"completion_tokens": len(text.split(" "))})
