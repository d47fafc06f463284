from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.science.values import Expectation, Expectations, Token
from nodes.types import ModelRef


class NextToken(Node):
    """Shows which tokens a model expects next and how likely each is, step by step."""

    category = "Model science"
    title = "Next-token probabilities"
    icon = "chart-bar"
    tags = ("logits", "softmax", "probability", "entropy", "decoding", "debug")
    attempts = 3

    model: ModelRef = "starter"
    """The model that is looked into."""
    as_chat: bool = True
    """Read the text as a person's message, with what the model's chat template puts around."""
    top: int = Field(10, ge=1, le=50)
    """So many of the likeliest are shown."""
    choose: tuple[int, ...] = Field((), max_length=32)
    """Which of the shown tokens is taken at each step, from 0: empty looks one step ahead, '0, 0, 2' goes on three times."""

    async def run(self, ctx: Context, text: str) -> Expectations:
        if ctx.science is None:
            raise NodeError("This installation has no model worker to look with.")
        steps: list[Expectation] = []
        taken: list[Token] = []
        for choice in (*self.choose, None):
            then = [token.id for token in taken]
            found = await ctx.science.look(
                self.model, text, what="next", chat=self.as_chat, then=then, top=self.top
            )
            steps.append(Expectation.model_validate(found))
            if choice is None:
                break
            if not 0 <= choice < len(steps[-1].next):
                raise NodeError(
                    f"Setting 'choose': step {len(steps)} takes token {choice}, but 0 to {len(steps[-1].next) - 1} are shown."
                )
            taken.append(steps[-1].next[choice])
        ctx.report("metric", {"entropy": round(steps[-1].entropy, 3)})
        return Expectations(steps=tuple(steps), taken=tuple(taken))
