from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.types import Preferences


class FeedbackPairs(Node):
    """What people preferred so far: pairs from comparisons, rankings and corrections."""

    title = "Feedback pairs"
    icon = "users"
    tags = ("dpo", "rlhf", "human", "ratings", "chosen", "rejected", "data")

    flow: str = Field("", max_length=100)
    """Whose answers were judged: a flow's name or slug. Empty means every flow of the workspace."""
    least: int = Field(1, ge=1, le=100_000)
    """Stops with an error while there are fewer pairs than this."""

    async def run(self, ctx: Context) -> Preferences:
        if ctx.feedback is None:
            raise NodeError("This installation keeps no feedback.")
        found = await ctx.feedback.pairs(self.flow)
        if len(found.pairs) < self.least:
            raise NodeError(
                f"There are {len(found.pairs)} pairs of feedback, and {self.least} are wanted: compare or correct "
                "answers in the chat, or import pairs."
            )
        ctx.report("metric", {"pairs": len(found.pairs)})
        return found
