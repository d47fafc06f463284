"""Batches for encoder-decoder models: who came at the same time decodes together.

A decoder with learned absolute positions cannot be left-padded, so callers that join later start a cohort
of their own; every step advances every cohort by a token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.prompting import prompt_ids, too_long
from flowbuilder.modelhub.runtime.request import Piece, Request
from flowbuilder.modelhub.runtime.slot import Slot, constraint_of, end_tokens

MAX_COHORT = 32


@dataclass
class Cohort:
    """Rows that started together: what they read, and the decoder's cache."""

    rows: list[Slot | None]
    encoded: Any
    mask: torch.Tensor
    cache: Any = None


class Seq2SeqBatch:
    def __init__(self, model: PreTrainedModel, tokenizer: Any) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.waiting: list[tuple[Slot, list[int]]] = []
        self.cohorts: list[Cohort] = []
        self.end = end_tokens(model, tokenizer)
        first = model.generation_config.decoder_start_token_id
        self.first = model.config.decoder_start_token_id if first is None else first

    @property
    def busy(self) -> bool:
        return bool(self.waiting or self.cohorts)

    def add(self, request: Request) -> None:
        prompt = prompt_ids(self.tokenizer, request.messages)
        limit = getattr(self.model.config, "max_position_embeddings", None) or 10**9
        if len(prompt) > limit:
            raise too_long(len(prompt), limit)
        constraint = constraint_of(self, request)
        slot = Slot(request, [self.first], self.tokenizer, constraint, read=len(prompt))
        self.waiting.append((slot, prompt))

    def cancel(self, request_id: str) -> None:
        self.waiting = [entry for entry in self.waiting if entry[0].request.id != request_id]
        for cohort in self.cohorts:
            cohort.rows = [None if row and row.request.id == request_id else row for row in cohort.rows]

    def fail(self) -> list[str]:
        rows = [row for cohort in self.cohorts for row in cohort.rows if row]
        failed = [slot.request.id for slot in [*rows, *(slot for slot, _ in self.waiting)]]
        self.waiting, self.cohorts = [], []
        return failed

    @torch.inference_mode()
    def step(self) -> list[Piece]:
        if self.waiting:
            self.cohorts.append(self._encode(self.waiting[:MAX_COHORT]))
            self.waiting = self.waiting[MAX_COHORT:]
        pieces = [piece for cohort in self.cohorts for piece in self._decode(cohort)]
        self.cohorts = [cohort for cohort in self.cohorts if any(cohort.rows)]
        return pieces

    def _encode(self, joining: list[tuple[Slot, list[int]]]) -> Cohort:
        width = max(len(prompt) for _, prompt in joining)
        ids = torch.zeros(len(joining), width, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, (_, prompt) in enumerate(joining):
            ids[row, : len(prompt)] = torch.tensor(prompt)
            mask[row, : len(prompt)] = 1
        device = self.model.device
        encoder = self.model.get_encoder()
        encoded = encoder(input_ids=ids.to(device), attention_mask=mask.to(device), return_dict=True)
        return Cohort([slot for slot, _ in joining], encoded, mask.to(device))

    def _decode(self, cohort: Cohort) -> list[Piece]:
        if not any(cohort.rows):
            return []
        last = torch.tensor([[slot.ids[-1] if slot else self.first] for slot in cohort.rows])
        out = self.model(
            encoder_outputs=cohort.encoded,
            attention_mask=cohort.mask,
            decoder_input_ids=last.to(self.model.device),
            past_key_values=cohort.cache,
            use_cache=True,
        )
        cohort.cache = out.past_key_values
        pieces: list[Piece] = []
        for row, slot in enumerate(cohort.rows):
            if slot is not None:
                pieces += slot.advance(out.logits[row, -1].cpu(), self.end)
                if slot.done:
                    cohort.rows[row] = None
        return pieces
