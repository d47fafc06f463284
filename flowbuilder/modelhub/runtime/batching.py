"""Continuous batching: callers join and leave between steps; all of one model share each step.

The batch is left-padded with one attention mask. When a caller joins, the batch's cache is rebuilt by one
prefill over all; leaving only stops reading a row until a quarter is idle. That works for every
architecture whose padding is masked (attention, short convolutions), not only for paged attention.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.prompting import prompt_ids, too_long
from flowbuilder.modelhub.runtime.request import Piece, Request
from flowbuilder.modelhub.runtime.slot import Slot, constraint_of, end_tokens

MAX_BATCH = 32
SMALL = 50_000_000
"""Parameters below which one thread is faster: on a busy machine two threads spend the step waiting for
each other (1.97M model, load 5: 15-23 ms a step with one thread, 88-130 ms with two)."""


class Batch:
    """All live callers of one causal model."""

    def __init__(self, model: PreTrainedModel, tokenizer: Any) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.threads = 1 if model.num_parameters() < SMALL else os.cpu_count() or 1
        self.waiting: list[Slot] = []
        self.rows: list[Slot | None] = []
        self.cache: Any = None
        self.mask = torch.zeros(0, 0, dtype=torch.long)
        self.end = end_tokens(model, tokenizer)

    @property
    def busy(self) -> bool:
        return bool(self.waiting) or any(self.rows)

    def add(self, request: Request) -> None:
        """Queue a caller. ``ValueError`` says what is wrong with the request."""
        prompt = prompt_ids(self.tokenizer, request.messages)
        limit = getattr(self.model.config, "max_position_embeddings", None) or 10**9
        room = limit - len(prompt)
        if room < request.room:
            raise too_long(len(prompt), limit - request.room + 1)
        # A model with learned positions has none beyond its window.
        request = replace(request, max_new_tokens=min(request.max_new_tokens, room))
        self.waiting.append(Slot(request, prompt, self.tokenizer, constraint_of(self, request)))

    def cancel(self, request_id: str) -> None:
        self.waiting = [slot for slot in self.waiting if slot.request.id != request_id]
        self.rows = [None if slot and slot.request.id == request_id else slot for slot in self.rows]

    def fail(self) -> list[str]:
        """Drop everybody; who they were."""
        failed = [slot.request.id for slot in [*self.rows, *self.waiting] if slot is not None]
        self.rows, self.waiting, self.cache = [], [], None
        return failed

    @torch.inference_mode()
    def step(self) -> list[Piece]:
        """One token for every caller."""
        torch.set_num_threads(self.threads)
        logits = self._prefill() if self._must_rebuild() else self._decode()
        pieces: list[Piece] = []
        for row, slot in enumerate(self.rows):
            if slot is None:
                continue
            pieces += slot.advance(logits[row].cpu(), self.end)
            if slot.done:
                self.rows[row] = None
        if not any(self.rows):
            self.rows, self.cache = [], None
        return pieces

    def _must_rebuild(self) -> bool:
        live = sum(slot is not None for slot in self.rows)
        joins = bool(self.waiting) and live < MAX_BATCH
        return joins or self.cache is None or live < 0.75 * len(self.rows)

    def _prefill(self) -> torch.Tensor:
        live = [slot for slot in self.rows if slot is not None]
        joining = self.waiting[: MAX_BATCH - len(live)]
        self.waiting = self.waiting[len(joining) :]
        self.rows = [*live, *joining]
        width = max(len(slot.ids) for slot in live + joining)
        ids = torch.zeros(len(self.rows), width, dtype=torch.long)
        self.mask = torch.zeros_like(ids)
        for row, slot in enumerate(live + joining):
            ids[row, width - len(slot.ids) :] = torch.tensor(slot.ids)
            self.mask[row, width - len(slot.ids) :] = 1
        positions = (self.mask.cumsum(-1) - 1).clamp(min=0)
        self.cache = None
        return self._forward(ids, positions)

    def _decode(self) -> torch.Tensor:
        last = [slot.ids[-1] if slot else 0 for slot in self.rows]
        self.mask = torch.cat([self.mask, torch.ones(len(last), 1, dtype=torch.long)], -1)
        positions = self.mask.sum(-1, keepdim=True) - 1
        return self._forward(torch.tensor(last)[:, None], positions)

    def _forward(self, ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        device = self.model.device
        out = self.model(
            input_ids=ids.to(device),
            attention_mask=self.mask.to(device),
            position_ids=positions.to(device),
            past_key_values=self.cache,
            use_cache=True,
            logits_to_keep=1,
        )
        self.cache = out.past_key_values
        return out.logits[:, -1]
