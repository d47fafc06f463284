from nodes.base import Context, Node, NodeError
from nodes.science.values import Tokens
from nodes.types import ModelRef


class TokensView(Node):
    """Shows how a model reads a text: its tokens with their ids, pieces and bytes."""

    category = "Model science"
    title = "Tokens"
    icon = "scissors"
    tags = ("tokenizer", "tokens", "vocabulary", "bpe", "bytes", "debug")
    attempts = 3

    model: ModelRef = "starter"
    """Whose tokenizer it is."""
    as_chat: bool = False
    """Show it as the model reads a person's message, with what its chat template puts around."""

    async def run(self, ctx: Context, text: str) -> Tokens:
        if ctx.science is None:
            raise NodeError("This installation has no model worker to look with.")
        found = await ctx.science.look(self.model, text, what="tokens", chat=self.as_chat)
        ctx.report("metric", {"tokens": len(found["tokens"])})
        return Tokens(model=found["model"], tokens=found["tokens"])
