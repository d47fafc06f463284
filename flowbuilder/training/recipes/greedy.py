"""What a model answers when it answers for sure: the measure before and after a training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.batching import Batch
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.training.recipes.judge import Judge, mean
from nodes.types import PromptLine

MEASURED = 64
"""Prompts that are measured, the first ones: enough for a mean, few enough for a CPU."""


def mean_reward(
    model: PreTrainedModel,
    tokenizer: Any,
    judge: Judge,
    prompts: Sequence[PromptLine],
    max_new_tokens: int = 128,
) -> float:
    """The judge's mean over greedy answers."""
    lines = prompts[:MEASURED]
    training = model.training
    answers = greedy_answers(model.eval(), tokenizer, [line.prompt for line in lines], max_new_tokens)
    model.train(training)
    return mean(judge(lines, answers))


def greedy_answers(
    model: PreTrainedModel, tokenizer: Any, prompts: Sequence[str], max_new_tokens: int
) -> list[str]:
    batch = Batch(model, tokenizer)
    for number, prompt in enumerate(prompts):
        messages = [{"role": "user", "content": prompt}]
        batch.add(Request(str(number), "", "causal", messages, temperature=0, max_new_tokens=max_new_tokens))
    answers = [""] * len(prompts)
    while batch.busy:
        for piece in batch.step():
            answers[int(piece.id)] += piece.text
    return answers
