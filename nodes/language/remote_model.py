from collections.abc import AsyncIterator

from pydantic import Field

from nodes.base import Context, Node, NodeError, Sampling
from nodes.language.acting import FOR_CALLERS, Acting
from nodes.language.asked import asked
from nodes.language.endpoint import Remote
from nodes.language.remote_agent import Native
from nodes.types import Messages, PromptText


class RemoteModel(Remote, Node):
    """Answers a prompt with a model at an OpenAI-compatible address: vLLM, Ollama, llama.cpp, OpenAI. It leaves your machines."""

    title = "Remote model"
    icon = "cloud"
    tags = ("llm", "openai", "vllm", "ollama", "llama.cpp", "gpt", "chat", "generate", "api")
    attempts = 2
    timeout = 1800
    takes_caller = True
    sends_out = True

    system: PromptText = ""
    """Instructions that stand before every prompt."""
    temperature: float = Field(0.7, ge=0, le=2)
    """0 always takes the likeliest token; higher varies more."""
    max_new_tokens: int = Field(512, ge=1, le=32768)
    """The answer's length limit, in tokens."""
    top_p: float = Field(1.0, gt=0, le=1)
    """Chooses among the likeliest tokens that together have this probability."""
    stop: tuple[str, ...] = Field((), max_length=4)
    """The answer ends before any of these texts; the protocol takes four."""
    seed: int | None = None
    """The same seed gives the same answer, where the server keeps to it."""

    async def run(self, ctx: Context, prompt: str | Messages) -> AsyncIterator[str]:
        if ctx.remote is None:
            raise NodeError("This installation asks no models elsewhere.")
        sampling = Sampling(
            max_new_tokens=self.max_new_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            stop=self.stop,
            seed=self.seed,
        )
        told = asked(prompt, self.system)
        if ctx.caller is not None:
            mind = Native(ctx.remote, self.endpoint, sampling, told, (), ctx.caller)
            async for text in Acting(ctx, mind, (), FOR_CALLERS).run():
                yield text
            return
        async for part in ctx.remote.chat(self.endpoint, told, sampling=sampling):
            if isinstance(part, str):
                yield part
