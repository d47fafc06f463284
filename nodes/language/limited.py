"""Settings that bind every agent."""

from pydantic import Field

from nodes.base import Node, Sampling
from nodes.language.acting import Limits
from nodes.types import PromptText

AT_LIMIT = "No more tools can be called. Answer the question now, as well as you can, from what you know."


class Limited(Node):
    """What every agent is bound by."""

    instructions: PromptText = "Use the tools where they help. Say only what you know or have found."
    """What stands before every conversation."""
    most_steps: int = Field(6, ge=1, le=50)
    """So many steps it may take; then it answers with what it has."""
    most_seconds: float = Field(180, ge=1, le=1500)
    """So long its steps may take; then it answers with what it has."""
    most_result: int = Field(2000, ge=100, le=50_000)
    """Characters of each tool's result that it reads."""
    temperature: float = Field(0.2, ge=0, le=2)
    """0 always takes the likeliest; higher varies more."""
    max_new_tokens: int = Field(512, ge=16, le=8192)
    """The limit of each thing that it writes, in tokens."""
    seed: int | None = None
    """The same seed gives the same steps, where its tools answer the same."""

    @property
    def limits(self) -> Limits:
        return Limits(steps=self.most_steps, seconds=self.most_seconds, result=self.most_result)

    @property
    def sampling(self) -> Sampling:
        return Sampling(
            max_new_tokens=self.max_new_tokens, temperature=self.temperature, top_p=1.0, seed=self.seed
        )
