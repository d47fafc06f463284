from typing import Literal

from pydantic import Field

from nodes.base import Context, Node, NodeError, Sampling
from nodes.language.saying import in_parts, parts_of
from nodes.types import ModelRef

MOST_ROUNDS = 8
"""Of putting summaries together; each at least halves them, else it is ended."""


class Summarise(Node):
    """Says what a long text says, in few words.

    'map_reduce' summarises the parts and then the summaries (hierarchical merging: Wu et al. 2021; Chang et al.
    2024, BooookScore, section 2). 'refine' reads part after part and mends one summary (incremental updating, ibid.).
    """

    icon = "fold-vertical"
    tags = ("summary", "map reduce", "refine", "shorten", "long text", "tldr")
    attempts = 3
    timeout = 1800

    model: ModelRef = "starter"
    """A model of this workspace."""
    method: Literal["map_reduce", "refine"] = "map_reduce"
    """'map_reduce' keeps all parts alike; 'refine' keeps the thread of a story, and takes one part after the other."""
    words: int = Field(120, ge=10, le=2000)
    """About so many words."""
    focus: str = Field("", max_length=500)
    """What it shall be about; empty takes what matters most in the text."""
    most_characters: int = Field(6000, ge=200, le=100_000)
    """So many of the text at once; where the model reads less, less."""
    max_new_tokens: int = Field(512, ge=16, le=8192)
    """The limit of each summary, in tokens."""

    async def run(self, ctx: Context, text: str) -> str:
        parts = parts_of(text, self.most_characters)
        if not parts:
            raise NodeError("There is nothing to summarise: 'text' is empty.")
        if self.method == "refine":
            return await self._refined(ctx, parts)
        return await self._merged(ctx, parts)

    async def _merged(self, ctx: Context, parts: list[str]) -> str:
        for number in range(MOST_ROUNDS):
            summaries = [
                summary
                for part in parts
                for summary in await in_parts(ctx, self.model, self._of_part, part, self._sampling)
            ]
            ctx.report("metric", {"round": number + 1, "parts": len(summaries)})
            if len(summaries) == 1:
                return summaries[0]
            together = "\n\n".join(summaries)
            if len(together) >= sum(map(len, parts)) and number:
                break  # it does not get shorter: a model that repeats what it reads
            parts = parts_of(together, self.most_characters)
        return "\n\n".join(summaries)

    async def _refined(self, ctx: Context, parts: list[str]) -> str:
        summary = ""
        for number, part in enumerate(parts, start=1):
            so_far = summary

            def ask(piece: str, so_far: str = so_far) -> str:
                return self._of_more(piece, so_far) if so_far else self._of_part(piece)

            # A part that the model cannot read at once is halved, and both halves belong to the summary.
            summary = "\n".join(await in_parts(ctx, self.model, ask, part, self._sampling))
            ctx.report("metric", {"part": number, "of": len(parts)})
        return summary

    @property
    def _sampling(self) -> Sampling:
        return Sampling(max_new_tokens=self.max_new_tokens, temperature=0)

    def _of_part(self, part: str) -> str:
        return f"Summarise the text in about {self.words} words.{self._focus()}\n\nText:\n{part.strip()}"

    def _of_more(self, part: str, so_far: str) -> str:
        return (
            f"Here is the summary of a text so far, and how the text goes on. Write the summary anew, in about "
            f"{self.words} words, so that it covers both.{self._focus()}\n\nSummary so far:\n{so_far}\n\nText:\n{part.strip()}"
        )

    def _focus(self) -> str:
        return f" It is about: {self.focus}." if self.focus else ""
