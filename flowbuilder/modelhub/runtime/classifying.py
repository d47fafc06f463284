"""Tells of texts which label fits: all callers that wait share a forward pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.prompting import text_ids
from flowbuilder.modelhub.runtime.request import Piece, Request

TOGETHER = 32


class ClassifyBatch:
    """The callers of one classifier: a sequence classifier with several labels."""

    def __init__(self, model: PreTrainedModel, tokenizer: Any) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.labels = tuple(model.config.id2label[index] for index in range(model.config.num_labels))
        self.waiting: list[tuple[Request, list[list[int]]]] = []

    @property
    def busy(self) -> bool:
        return bool(self.waiting)

    def add(self, request: Request) -> None:
        texts = [text_ids(self.tokenizer, text) for text in request.answers]
        limit = getattr(self.model.config, "max_position_embeddings", None) or 10**9
        if not all(texts):
            raise ValueError("There is nothing to classify: the text is empty.")
        if (longest := max(map(len, texts))) > limit:
            raise ValueError(f"The text has {longest} tokens; this model reads {limit}. Shorten it.")
        self.waiting.append((request, texts))

    def cancel(self, request_id: str) -> None:
        self.waiting = [entry for entry in self.waiting if entry[0].id != request_id]

    def fail(self) -> list[str]:
        failed, self.waiting = [request.id for request, _ in self.waiting], []
        return failed

    def step(self) -> list[Piece]:
        """The labels of all who wait."""
        served, self.waiting = self.waiting, []
        found = iter(self.probabilities([text for _, texts in served for text in texts]))
        pieces = []
        for request, texts in served:
            scores = tuple(chance for _ in texts for chance in next(found))
            usage = {"prompt_tokens": sum(map(len, texts)), "completion_tokens": 0}
            pieces.append(Piece(request.id, done=True, usage=usage, scores=scores, labels=self.labels))
        return pieces

    @torch.inference_mode()
    def probabilities(self, texts: Sequence[list[int]]) -> list[list[float]]:
        """Of each label, for each text."""
        starts = range(0, len(texts), TOGETHER if self.model.config.pad_token_id is not None else 1)
        return [row for start in starts for row in self._rows(texts[start : start + starts.step])]

    def _rows(self, texts: Sequence[list[int]]) -> list[list[float]]:
        pad = self.model.config.pad_token_id
        width = max(map(len, texts))
        ids = torch.full((len(texts), width), 0 if pad is None else pad)
        mask = torch.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = torch.tensor(text)
            mask[row, : len(text)] = 1
        device = self.model.device
        logits = self.model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits
        return list(torch.softmax(logits.float(), -1).tolist())
