from pydantic import Field

from nodes.base import Context, Node, Sampling
from nodes.language.saying import listed
from nodes.types import Items, ModelRef, PromptText

LONGEST = 200


class MultiQuery(Node):
    """Asks a question in several other words, so that a search finds what one wording misses.

    To be wired to Knowledge retrieval of several queries, which fuses what each of them finds (RAG-Fusion: Rackauckas
    2024; reciprocal rank fusion: Cormack, Clarke & Büttcher 2009).
    """

    title = "Several queries"
    icon = "waypoints"
    tags = ("multi-query", "rag fusion", "paraphrase", "retrieval", "recall")
    attempts = 3

    model: ModelRef = "starter"
    """A model of this workspace."""
    count: int = Field(3, ge=1, le=10)
    """How many beside the question itself."""
    instructions: PromptText = (
        "Ask the question in other words, each time with other terms, so that a search finds more."
    )
    """What the model is told."""
    temperature: float = Field(0.8, ge=0, le=2)
    """Higher lets them differ more."""
    max_new_tokens: int = Field(300, ge=32, le=4096)
    """The limit of all of them together, in tokens."""
    seed: int | None = None
    """The same seed gives the same queries."""

    async def run(self, ctx: Context, question: str) -> Items:
        prompt = f"{self.instructions}\n\nWrite {self.count} of them.\n\nQuestion: {question}"
        sampling = Sampling(max_new_tokens=self.max_new_tokens, temperature=self.temperature, seed=self.seed)
        found = await listed(ctx, self.model, prompt, sampling, self.count, LONGEST)
        ctx.report("metric", {"queries": found})
        return Items(items=tuple(dict.fromkeys([question, *found])))
