from typing import Any

from pydantic import BaseModel, ConfigDict

from nodes.base import Context, Sampling
from nodes.language.recorded import Recorded
from nodes.types import ModelRef, Record


class Writer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    model: ModelRef = "starter"
    """A model of this workspace; 'starter' came with Flowbuilder."""


class StructuredRecord(Recorded, Writer):
    """Answers a prompt with a JSON record that always satisfies its schema: constrained, validated, repaired."""

    title = "Structured record"
    icon = "braces"
    tags = ("json", "schema", "structured output", "record", "mock")
    attempts = 4
    timeout = 900

    async def run(self, ctx: Context, prompt: str) -> Record:
        return await self.record(ctx, prompt)

    async def _written(self, ctx: Context, prompt: str, schema: dict[str, Any]) -> str:
        sampling = Sampling(max_new_tokens=self.max_new_tokens, temperature=self.temperature, seed=self.seed)
        stream = ctx.models.generate(self.model, prompt, sampling=sampling, schema=schema)
        return "".join([piece async for piece in stream])
