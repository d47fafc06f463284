"""One caller's answer as it grows: choosing the next token, and cutting text that can be shown."""

from __future__ import annotations

from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.constrained import Constraint, guide_of
from flowbuilder.modelhub.runtime.request import Piece, Request


def end_tokens(model: PreTrainedModel, tokenizer: Any) -> set[int]:
    """The tokens that end an answer."""
    end = model.generation_config.eos_token_id
    listed = end if isinstance(end, list) else [end, tokenizer.eos_token_id]
    return {token for token in listed if token is not None}


def constraint_of(batch: Any, request: Request) -> Constraint | None:
    """The request's schema as a constraint on this batch's vocabulary; ``ValueError`` when it cannot be one."""
    if request.schema is None:
        return None
    return Constraint(guide_of(batch.tokenizer, batch.model.config.vocab_size), request.schema)


class Slot:
    """``ids`` is the prompt (of a decoder alone: its start token) and all that was generated."""

    def __init__(
        self,
        request: Request,
        prompt: list[int],
        tokenizer: Any,
        constraint: Constraint | None,
        read: int | None = None,
    ) -> None:
        self.request = request
        self.tokenizer = tokenizer
        self.constraint = constraint
        self.start = len(prompt)
        self.prompt_tokens = len(prompt) if read is None else read
        self.ids = list(prompt)
        self.shown = ""
        self.done = False
        self.generator = torch.Generator()
        if request.seed is None:
            self.generator.seed()
        else:
            self.generator.manual_seed(request.seed)

    @property
    def generated(self) -> list[int]:
        return self.ids[self.start :]

    @property
    def usage(self) -> dict[str, int]:
        return {"prompt_tokens": self.prompt_tokens, "completion_tokens": len(self.generated)}

    def advance(self, logits: torch.Tensor, end: set[int]) -> list[Piece]:
        """Choose and take a token; what the caller is told of it."""
        text = self.take(self.choose(logits), end)
        pieces = [Piece(self.request.id, text=text)] if text else []
        return [*pieces, Piece(self.request.id, done=True, usage=self.usage)] if self.done else pieces

    def choose(self, logits: torch.Tensor) -> int:
        """The next token from logits of shape (vocabulary,)."""
        request = self.request
        logits = logits.float().clone()
        if request.repetition_penalty != 1.0 and self.generated:
            # Keskar et al. 2019 (CTRL), section 4.1.
            seen = torch.tensor(sorted(set(self.generated)))
            values = logits[seen]
            logits[seen] = torch.where(
                values > 0, values / request.repetition_penalty, values * request.repetition_penalty
            )
        if self.constraint is not None:
            logits = self.constraint.allow(logits[None])[0]
        if request.temperature <= 0:
            return int(logits.argmax())
        probabilities = torch.softmax(_top_k(logits / request.temperature, request.top_k), -1)
        return int(torch.multinomial(_top_p(probabilities, request.top_p), 1, generator=self.generator))

    def take(self, token: int, end: set[int]) -> str:
        """Add a token; the text that it lets us show. Sets ``done`` at the end of the answer."""
        if token in end:
            self.done = True
            return self._show(final=True)
        self.ids.append(token)
        if self.constraint is not None and self.constraint.take(token):
            self.done = True
        if len(self.generated) >= self.request.max_new_tokens:
            self.done = True
        return self._show(final=self.done)

    def _show(self, *, final: bool) -> str:
        text = self.tokenizer.decode(self.generated, skip_special_tokens=True)
        for stop in self.request.stop:
            if (at := text.find(stop)) >= 0:
                text, self.done, final = text[:at], True, True
        if not final:
            # Half a character, or what may become a stop string, waits for the next token.
            text = text.rstrip("\ufffd")
            text = text[: len(text) - max((_overlap(text, stop) for stop in self.request.stop), default=0)]
        fresh = text[len(self.shown) :] if text.startswith(self.shown) else ""
        self.shown += fresh
        return fresh


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of ``text`` that begins ``stop``."""
    return next((size for size in range(min(len(stop), len(text)), 0, -1) if text.endswith(stop[:size])), 0)


def _top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    if not 0 < k < logits.numel():
        return logits
    return logits.masked_fill(logits < logits.topk(k).values[-1], float("-inf"))


def _top_p(probabilities: torch.Tensor, p: float) -> torch.Tensor:
    """Nucleus sampling: Holtzman et al. 2020, section 3.1."""
    if p >= 1:
        return probabilities
    ordered, places = probabilities.sort(descending=True)
    ordered[ordered.cumsum(0) - ordered > p] = 0
    return torch.zeros_like(probabilities).scatter(0, places, ordered)
