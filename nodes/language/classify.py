from pydantic import Field

from nodes.base import Context, Node
from nodes.types import Label, ModelRef


class Classify(Node):
    """Tells which label fits a text, and how likely each is, by a classifier of this workspace."""

    title = "Classify"
    icon = "tags"
    tags = ("label", "category", "intent", "sentiment", "topic", "classifier")
    attempts = 4

    model: ModelRef = Field("", json_schema_extra={"x-model-kind": "classifier"})
    """A classifier of this workspace, such as one that the node Text classifier has trained."""

    async def run(self, ctx: Context, text: str) -> Label:
        chances = await ctx.models.classify(self.model, text)
        likeliest = max(chances, key=lambda label: chances[label])
        ctx.report("metric", {"probability": chances[likeliest]})
        return Label(label=likeliest, probability=chances[likeliest], probabilities=chances)
