"""``nodes.base.Models`` by the real runtime, in this process: for models made in a test."""

import asyncio
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from flowbuilder.modelhub.runtime.recurrent import causal_batch
from flowbuilder.modelhub.runtime.request import Request
from nodes.base import NodeError, Sampling


@dataclass
class RealModels:
    model: Any
    tokenizer: Any
    texts: list[str] = field(default_factory=list)

    async def generate(self, model, prompt, *, system="", sampling=Sampling(), schema=None):
        messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else list(prompt)
        batch = causal_batch(self.model, self.tokenizer)
        batch.add(Request(uuid.uuid4().hex, "", "causal", messages, schema=schema, **asdict(sampling)))
        whole = ""
        while batch.busy:
            for piece in await asyncio.to_thread(batch.step):
                if piece.error:
                    raise NodeError(piece.error)
                if piece.text:
                    whole += piece.text
                    yield piece.text
        self.texts.append(whole)
