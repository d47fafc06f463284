from nodes.base import Context, Node, Waiting


class Ask(Node):
    """Waits for somebody's answer."""

    async def run(self, ctx: Context, text: str) -> str:
        if ctx.answer is None:
            raise Waiting(f"ask:{ctx.node_id}", {"question": text})
        return str(ctx.answer)
