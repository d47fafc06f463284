from typing import Annotated

from pydantic import Field

from nodes.base import Context, Node
from nodes.data.served import HeldOut, Served, served
from nodes.types import DatasetRef, Needed


class DatasetNode(Node):
    """Rows of a dataset: what is for training, and the prompts that are held out to measure on."""

    title = "Dataset"
    icon = "database"
    tags = ("data", "split", "train", "test", "held out", "preferences", "demonstrations", "prompts")

    dataset: Annotated[DatasetRef, Needed] = ""
    """A dataset; with a number (such as support@3) that version, else its newest."""
    held_out: HeldOut = "both"
    """Which held-out prompts come out: those for validation, those for the test, or both."""
    least: int = Field(1, ge=1, le=1_000_000)
    """Stops with an error while there are fewer rows to train on than this."""

    async def run(self, ctx: Context) -> Served:
        return await served(ctx, self.dataset, self.held_out, self.least)
