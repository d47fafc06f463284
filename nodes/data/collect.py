from typing import Literal

from pydantic import Field

from nodes.base import Context, Node
from nodes.data.served import HeldOut, Served, datasets_of, served


class CollectFeedback(Node):
    """Takes what people said of answers into a dataset, freezes a version where something changed, and gives its rows."""

    title = "Collect feedback"
    icon = "hand-heart"
    tags = ("data", "ratings", "dataset", "human", "rlhf", "loop", "version")

    flow: str = Field("", max_length=100)
    """Whose answers were judged: a flow's name or slug. Empty means every flow of the workspace."""
    dataset: str = Field("feedback", pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")
    """The dataset's name; it is made where there is none."""
    kind: Literal["preference", "completion", "label", "messages", "prompts"] = "preference"
    """What is kept of a rating: pairs of answers, good answers, good and bad ones, or what was asked."""
    agreement: float = Field(0.5, ge=0, le=1)
    """Where raters contradict each other, the share that must agree; 0 takes everything as it was said."""
    held_out: HeldOut = "both"
    """Which held-out prompts come out: those for validation, those for the test, or both."""
    least: int = Field(1, ge=1, le=1_000_000)
    """Stops with an error while there are fewer rows to train on than this."""

    async def run(self, ctx: Context) -> Served:
        ref = await datasets_of(ctx).collect(
            dataset=self.dataset, kind=self.kind, flow=self.flow, agreement=self.agreement
        )
        return await served(ctx, ref, self.held_out, self.least)
