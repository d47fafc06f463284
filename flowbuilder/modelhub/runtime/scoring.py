"""Scores answers with a learned reward model: all that wait share a forward pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.prompting import answer_ids, too_long
from flowbuilder.modelhub.runtime.request import Piece, Request

TOGETHER = 32


class ScoreBatch:
    """The callers of one reward model: a sequence classifier with one label."""

    def __init__(self, model: PreTrainedModel, tokenizer: Any) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.waiting: list[tuple[Request, list[list[int]]]] = []

    @property
    def busy(self) -> bool:
        return bool(self.waiting)

    def add(self, request: Request) -> None:
        texts = [answer_ids(self.tokenizer, request.messages, answer) for answer in request.answers]
        limit = getattr(self.model.config, "max_position_embeddings", None) or 10**9
        longest = max(map(len, texts), default=0)
        if longest > limit:
            raise too_long(longest, limit)
        self.waiting.append((request, texts))

    def cancel(self, request_id: str) -> None:
        self.waiting = [entry for entry in self.waiting if entry[0].id != request_id]

    def fail(self) -> list[str]:
        failed, self.waiting = [request.id for request, _ in self.waiting], []
        return failed

    @torch.inference_mode()
    def step(self) -> list[Piece]:
        """The scores of the caller who has waited longest."""
        request, texts = self.waiting[0]
        scores = self._all(texts)
        self.waiting.pop(0)
        usage = {"prompt_tokens": sum(map(len, texts)), "completion_tokens": 0}
        return [Piece(request.id, done=True, usage=usage, scores=tuple(scores))]

    @torch.inference_mode()
    def score(self, answers: Sequence[tuple[Sequence[dict[str, str]], str]]) -> list[float]:
        """One unbounded score for each (messages, answer); what a training loop calls."""
        return self._all([answer_ids(self.tokenizer, messages, answer) for messages, answer in answers])

    def _all(self, texts: list[list[int]]) -> list[float]:
        starts = range(0, len(texts), TOGETHER)
        return [score for start in starts for score in self._score(texts[start : start + TOGETHER])]

    def _score(self, texts: list[list[int]]) -> list[float]:
        pad = self.model.config.pad_token_id
        width = max(map(len, texts))
        ids = torch.full((len(texts), width), 0 if pad is None else pad)
        mask = torch.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = torch.tensor(text)
            mask[row, : len(text)] = 1
        if pad is None and len(texts) > 1:
            # Without a pad token the model cannot see where a row ends: one by one.
            return [score for text in texts for score in self._score([text])]
        device = self.model.device
        return self.model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits[:, 0].tolist()
