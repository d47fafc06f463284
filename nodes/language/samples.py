import asyncio

from pydantic import Field

from nodes.base import Context, Node, Sampling
from nodes.types import Candidates, ModelRef, PromptText


class Samples(Node):
    """Asks a model the same prompt several times, so that the best answer can be picked."""

    title = "Several answers"
    icon = "copy"
    tags = ("best of n", "sampling", "candidates", "generate", "llm")
    attempts = 4
    timeout = 900

    model: ModelRef = "starter"
    """A model of this workspace; 'starter' came with Flowbuilder."""
    count: int = Field(4, ge=1, le=64)
    """How many answers."""
    system: PromptText = ""
    """Instructions that stand before every prompt, for models that know a system role."""
    temperature: float = Field(0.9, ge=0, le=2)
    """Higher varies more; at 0 all answers are the same."""
    max_new_tokens: int = Field(256, ge=1, le=8192)
    """Each answer's length limit, in tokens."""
    top_p: float = Field(0.95, gt=0, le=1)
    """Chooses among the likeliest tokens that together have this probability."""
    stop: tuple[str, ...] = ()
    """An answer ends before any of these texts."""
    seed: int | None = None
    """The same seed gives the same answers; the second answer takes the next seed, and so on."""

    async def run(self, ctx: Context, prompt: str) -> Candidates:
        # Asked at once: the model worker puts them into one batch.
        asked = [asyncio.create_task(self._answer(ctx, prompt, number)) for number in range(self.count)]
        try:
            return Candidates(prompt=prompt, answers=tuple(await asyncio.gather(*asked)))
        finally:
            # gather leaves the others running when one fails, and a task group would hide a Retryable.
            for task in asked:
                task.cancel()

    async def _answer(self, ctx: Context, prompt: str, number: int) -> str:
        sampling = Sampling(
            max_new_tokens=self.max_new_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            stop=self.stop,
            seed=None if self.seed is None else self.seed + number,
        )
        stream = ctx.models.generate(self.model, prompt, system=self.system, sampling=sampling)
        return "".join([piece async for piece in stream])
