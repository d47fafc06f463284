from dataclasses import dataclass

from pydantic import Field

from nodes.base import Context, Node, Sampling
from nodes.language.saying import said
from nodes.types import Items, ModelRef, PromptText


@dataclass(frozen=True)
class Hypothetical:
    out: str
    """The question with the first passage."""
    queries: Items
    """The question and every passage by itself, to be searched for and fused."""


class Hyde(Node):
    """Writes passages that would answer a question, so that the search looks for texts like them.

    Hypothetical document embeddings (HyDE: Gao et al. 2023, section 3): what the passages say may be wrong, but texts
    that say something of the kind are near them. Where they averaged vectors, several searches are fused here.
    """

    title = "Hypothetical passages"
    icon = "file-question-mark"
    tags = ("hyde", "rag", "retrieval", "embedding", "query")
    attempts = 3

    model: ModelRef = "starter"
    """A model of this workspace."""
    count: int = Field(1, ge=1, le=8)
    """How many passages; Gao et al. take eight."""
    instructions: PromptText = (
        "Write a short passage, as it may stand in a manual, that answers the question."
    )
    """What the model is told; name the kind of text that your documents are."""
    temperature: float = Field(0.7, ge=0, le=2)
    """Higher lets the passages differ more."""
    max_new_tokens: int = Field(160, ge=16, le=2048)
    """The limit of each passage, in tokens."""
    seed: int | None = None
    """The same seed gives the same passages."""

    async def run(self, ctx: Context, question: str) -> Hypothetical:
        prompt = f"{self.instructions}\n\nQuestion: {question}"
        passages = []
        for number in range(self.count):
            seed = None if self.seed is None else self.seed + number
            sampling = Sampling(max_new_tokens=self.max_new_tokens, temperature=self.temperature, seed=seed)
            passages.append(await said(ctx, self.model, prompt, sampling))
        passages = list(dict.fromkeys(passage for passage in passages if passage))
        ctx.report("metric", {"passages": passages})
        return Hypothetical("\n".join([question, *passages[:1]]), Items(items=(question, *passages)))
