from collections.abc import AsyncIterator

from pydantic import Field

from nodes.base import Context, Node, Sampling
from nodes.language.acting import FOR_CALLERS, Acting
from nodes.language.agent import Constrained
from nodes.language.asked import asked
from nodes.types import Messages, ModelRef, PromptText


class LocalModel(Node):
    """Answers a prompt with a model that runs on your own machines."""

    title = "Local model"
    icon = "cpu"
    tags = ("llm", "gpt", "generate", "chat", "transformers")
    attempts = 4
    timeout = 900
    takes_caller = True

    model: ModelRef = "starter"
    """A model of this workspace; 'starter' came with Flowbuilder."""
    system: PromptText = ""
    """Instructions that stand before every prompt, for models that know a system role."""
    temperature: float = Field(0.7, ge=0, le=2)
    """0 always takes the likeliest token; higher varies more."""
    max_new_tokens: int = Field(256, ge=1, le=8192)
    """The answer's length limit, in tokens."""
    top_p: float = Field(0.95, gt=0, le=1)
    """Chooses among the likeliest tokens that together have this probability."""
    top_k: int = Field(0, ge=0)
    """Chooses among this many likeliest tokens; 0 is no limit."""
    repetition_penalty: float = Field(1.0, ge=0.5, le=2)
    """Above 1 makes repeating what was said less likely."""
    stop: tuple[str, ...] = ()
    """The answer ends before any of these texts."""
    seed: int | None = None
    """The same seed gives the same answer."""

    async def run(self, ctx: Context, prompt: str | Messages) -> AsyncIterator[str]:
        sampling = Sampling(
            max_new_tokens=self.max_new_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=self.top_k,
            repetition_penalty=self.repetition_penalty,
            stop=self.stop,
            seed=self.seed,
        )
        told = asked(prompt, self.system)
        if ctx.caller is not None:
            mind = Constrained(ctx, self.model, sampling, told, ())
            async for text in Acting(ctx, mind, (), FOR_CALLERS).run():
                yield text
            return
        async for text in ctx.models.generate(self.model, told, sampling=sampling):
            yield text
