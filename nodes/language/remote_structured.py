import json
from typing import Any

from nodes.base import Context, NodeError, Sampling
from nodes.language.endpoint import Remote
from nodes.language.recorded import Recorded
from nodes.types import Record

ASKED = "Answer with JSON alone, no words around it, that satisfies this JSON Schema:\n{schema}"


class RemoteRecord(Recorded, Remote):
    """Answers with a JSON record from a model at an OpenAI-compatible address, checked and mended field by field. It leaves your machines."""

    title = "Remote structured record"
    icon = "braces"
    tags = ("json", "schema", "structured output", "record", "openai", "vllm", "ollama")
    attempts = 2
    timeout = 1800
    sends_out = True

    async def run(self, ctx: Context, prompt: str) -> Record:
        return await self.record(ctx, prompt)

    async def _written(self, ctx: Context, prompt: str, schema: dict[str, Any]) -> str:
        if ctx.remote is None:
            raise NodeError("This installation asks no models elsewhere.")
        sampling = Sampling(
            max_new_tokens=self.max_new_tokens, temperature=self.temperature, top_p=1.0, seed=self.seed
        )
        # Said in words too: some servers pass over what 'response_format' asks.
        told = ASKED.format(schema=json.dumps(schema, ensure_ascii=False))
        messages = [{"role": "system", "content": told}, {"role": "user", "content": prompt}]
        stream = ctx.remote.chat(self.endpoint, messages, sampling=sampling, schema=schema)
        return "".join([part async for part in stream if isinstance(part, str)])
