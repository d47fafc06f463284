from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.science.values import Attention
from nodes.types import ModelRef


class AttentionView(Node):
    """Shows which tokens each head of each layer attends to, as a map; of T5 the encoder, the decoder and across."""

    category = "Model science"
    title = "Attention map"
    icon = "grid-3x3"
    tags = ("heads", "layers", "transformer", "interpretability", "heatmap", "debug")
    attempts = 3

    model: ModelRef = "starter"
    """The model that is looked into. Recurrent models have no attention."""
    as_chat: bool = False
    """Read the text as a person's message, with what the model's chat template puts around."""
    layers: tuple[int, ...] = Field((), max_length=200)
    """Which layers, from 0; empty shows all."""

    async def run(self, ctx: Context, text: str, answer: str = "") -> Attention:
        if ctx.science is None:
            raise NodeError("This installation has no model worker to look with.")
        found = await ctx.science.look(
            self.model, text, what="attention", chat=self.as_chat, after=answer, layers=self.layers
        )
        return Attention.model_validate(found)
