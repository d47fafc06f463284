"""Written answers as what a model reads, and how likely it finds them: for recipes that learn from answers
which are already there (demonstrations, preferences)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.prompting import answer_ids, prompt_ids

T = TypeVar("T")
MEASURED_AT_ONCE = 16
"""Examples in one pass of a measurement."""


@dataclass(frozen=True)
class Example:
    """A prompt and an answer, as the runtime would read them: training and use must not differ."""

    prompt: list[int]
    answer: list[int]
    """With the end that the model is to learn to write."""

    @property
    def ids(self) -> list[int]:
        return self.prompt + self.answer


def example(tokenizer: Any, messages: Sequence[dict[str, str]], answer: str) -> Example:
    prompt = prompt_ids(tokenizer, messages)
    return Example(prompt, answer_ids(tokenizer, messages, answer)[len(prompt) :])


def fits(model: PreTrainedModel, *examples: Example) -> bool:
    """Whether the model can read all of them. One that was cut would teach a text that nobody wrote."""
    limit = getattr(model.config, "max_position_embeddings", None) or 10**9
    return all(len(one.ids) <= limit for one in examples)


def only_fitting(model: PreTrainedModel, rows: Sequence[T], examples: Any) -> list[T]:
    """The rows whose ``examples(row)`` the model can read. ``ValueError`` when that is none."""
    kept = [row for row in rows if fits(model, *examples(row))]
    if not kept:
        limit = model.config.max_position_embeddings
        raise ValueError(
            f"Every example is longer than the {limit} tokens that this model reads; shorten them."
        )
    return kept


def divided(rows: Sequence[T], share: float, seed: int) -> tuple[list[T], list[T]]:
    """Rows to train on and rows kept aside, drawn by the seed."""
    drawn = list(rows)
    random.Random(seed).shuffle(drawn)  # noqa: S311 - a split, no secret
    aside = min(round(len(drawn) * share), len(drawn) - 1)
    return drawn[aside:], drawn[:aside]


@torch.inference_mode()
def logprobs(model: PreTrainedModel, examples: Sequence[Example]) -> list[float]:
    """Of each answer as a whole, given its prompt."""
    training = model.training
    model.eval()
    found: list[float] = []
    for start in range(0, len(examples), MEASURED_AT_ONCE):
        found += _logprobs(model, examples[start : start + MEASURED_AT_ONCE])
    model.train(training)
    return found


def _logprobs(model: PreTrainedModel, examples: Sequence[Example]) -> list[float]:
    width = max(len(one.ids) for one in examples)
    ids = torch.zeros(len(examples), width, dtype=torch.long)
    read, answer = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, one in enumerate(examples):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        read[row, : len(one.ids)] = 1
        answer[row, len(one.prompt) : len(one.ids)] = 1
    ids, read, answer = (each.to(model.device) for each in (ids, read, answer))
    logits = model(input_ids=ids, attention_mask=read, use_cache=False).logits[:, :-1].float()
    chances = torch.log_softmax(logits, -1).gather(-1, ids[:, 1:, None]).squeeze(-1)
    return list((chances * answer[:, 1:]).sum(1).tolist())
