from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from nodes.base import Context, Node, Sampling
from nodes.language.saying import said
from nodes.types import Items, Messages, ModelRef, PromptText

MOST_HISTORY = 8
GENERATED = {
    "answer": "Answer the question in one short phrase, as well as you can guess.",
    "sentence": "Write one sentence, as it may stand in a document, that answers the question.",
    "title": "Write the title of a document that answers the question.",
}


@dataclass(frozen=True)
class Query:
    out: str
    """One query with everything in it."""
    queries: Items
    """The question and each addition by itself, to be searched for and fused."""


class RewriteQuery(Node):
    """Says a question as a search needs it: by itself where it hangs on a conversation, and with what its answer may contain.

    'rewrite' follows Ma et al. 2023 (Rewrite-Retrieve-Read); 'expand' is generation-augmented retrieval (GAR: Mao et
    al. 2021, section 3): the model guesses the answer, a sentence with it and a title, and these are searched for too.
    """

    title = "Query rewrite"
    icon = "search-code"
    tags = ("expand", "gar", "generation-augmented retrieval", "standalone question", "condense", "rag")
    attempts = 3

    how: Literal["rewrite", "expand"] = "rewrite"
    """'rewrite' gives one clear question; 'expand' adds what its answer may contain."""
    model: ModelRef = "starter"
    """A model of this workspace."""
    contexts: tuple[Literal["answer", "sentence", "title"], ...] = ("answer", "sentence", "title")
    """For 'expand': what is guessed."""
    instructions: PromptText = (
        "Write the question as a search query that stands by itself. Write the query alone."
    )
    """For 'rewrite': what the model is told."""
    max_new_tokens: int = Field(96, ge=8, le=1024)
    """The limit of each thing that it writes, in tokens."""
    seed: int | None = None
    """The same seed gives the same queries."""

    async def run(self, ctx: Context, question: str, history: Messages | None = None) -> Query:
        if self.how == "rewrite":
            told = [self.instructions, *self._before(history), f"Question: {question}"]
            query = await said(ctx, self.model, "\n\n".join(told), self._sampling(0)) or question
            ctx.report("metric", {"query": query})
            return Query(query, Items(items=(query,)))
        added = []
        for number, context in enumerate(dict.fromkeys(self.contexts)):
            told = [GENERATED[context], *self._before(history), f"Question: {question}"]
            added.append(await said(ctx, self.model, "\n\n".join(told), self._sampling(number)))
        added = [text for text in added if text]
        ctx.report("metric", {"added": added})
        return Query(
            " ".join([question, *added]), Items(items=(question, *(f"{question} {text}" for text in added)))
        )

    def _sampling(self, number: int) -> Sampling:
        seed = None if self.seed is None else self.seed + number
        return Sampling(max_new_tokens=self.max_new_tokens, temperature=0.3, seed=seed)

    @staticmethod
    def _before(history: Messages | None) -> list[str]:
        if not history or not history.items:
            return []
        return [f"Conversation:\n{Messages(items=history.items[-MOST_HISTORY:])}"]
