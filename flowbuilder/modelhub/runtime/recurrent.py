"""Callers of models that keep a state in place of a cache of keys and values: RWKV, Mamba, xLSTM and their like.

A state that has read padding is another state, so rows of different lengths cannot share a step: every caller has
a state of its own, and each step gives each of them a token, one after the other. A state does not grow, so such a
model reads texts of any length.
"""

from __future__ import annotations

import inspect
import os
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.batching import MAX_BATCH, SMALL, Batch
from flowbuilder.modelhub.runtime.prompting import prompt_ids
from flowbuilder.modelhub.runtime.request import Piece, Request
from flowbuilder.modelhub.runtime.slot import Slot, constraint_of, end_tokens

CACHE = "past_key_values"
STATES = ("cache_params", "state")
"""What transformers calls a recurrent state: of Mamba and xLSTM, and of RWKV."""
INSIDE = {"recurrent_gemma"}
"""Keep the state of whoever was read last in their own layers, and give nothing away to be kept by a caller."""


def causal_batch(model: PreTrainedModel, tokenizer: Any) -> Batch | RecurrentBatch:
    """The way of serving that suits the architecture."""
    if model.config.model_type in INSIDE:
        return RecurrentBatch(model, tokenizer, "")
    takes = inspect.signature(model.forward).parameters
    if CACHE in takes:
        return Batch(model, tokenizer)
    return RecurrentBatch(model, tokenizer, next((name for name in STATES if name in takes), ""))


@dataclass
class Reader:
    slot: Slot
    state: Any = None


class RecurrentBatch:
    """All live callers of one recurrent model. ``state`` names its argument; empty reads all again for each token."""

    def __init__(self, model: PreTrainedModel, tokenizer: Any, state: str) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.state = state
        self.threads = 1 if model.num_parameters() < SMALL else os.cpu_count() or 1
        self.readers: list[Reader] = []
        self.end = end_tokens(model, tokenizer)

    @property
    def busy(self) -> bool:
        return bool(self.readers)

    def add(self, request: Request) -> None:
        """Queue a caller. ``ValueError`` says what is wrong with the request."""
        prompt = prompt_ids(self.tokenizer, request.messages)
        if not prompt:
            raise ValueError("The prompt is empty; this model needs a token to start from.")
        self.readers.append(Reader(Slot(request, prompt, self.tokenizer, constraint_of(self, request))))

    def cancel(self, request_id: str) -> None:
        self.readers = [reader for reader in self.readers if reader.slot.request.id != request_id]

    def fail(self) -> list[str]:
        failed, self.readers = [reader.slot.request.id for reader in self.readers], []
        return failed

    @torch.inference_mode()
    def step(self) -> list[Piece]:
        """One token for every caller; those beyond ``MAX_BATCH`` wait until one leaves."""
        torch.set_num_threads(self.threads)
        pieces = [
            piece
            for reader in self.readers[:MAX_BATCH]
            for piece in reader.slot.advance(self._next(reader).cpu(), self.end)
        ]
        self.readers = [reader for reader in self.readers if not reader.slot.done]
        return pieces

    def _next(self, reader: Reader) -> torch.Tensor:
        """The logits of the reader's next token."""
        unread = reader.slot.ids if reader.state is None else reader.slot.ids[-1:]
        ids = torch.tensor([unread], device=self.model.device)
        known = {} if reader.state is None else {self.state: reader.state}
        out = self.model(input_ids=ids, use_cache=bool(self.state), **known)
        reader.state = out.get(self.state) if self.state else None
        return out.logits[0, -1]
