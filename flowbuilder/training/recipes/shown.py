"""The same few prompts, answered again and again: one sees an answer change as the model learns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.greedy import greedy_answers
from flowbuilder.training.recipes.judge import Judge
from flowbuilder.training.recipes.reporting import sample
from nodes.types import PromptLine

SHOWN = 4
"""Prompts that are shown."""
MOST_TOKENS = 64
"""Of an answer that is shown."""


class Shown:
    """``show(step, model)`` answers them greedily: what changes comes from the model. Draws nothing at random,
    so that a training goes the same way whether one looks or not."""

    def __init__(
        self,
        lines: Sequence[PromptLine],
        tokenizer: Any,
        *,
        judge: Judge | None = None,
        max_new_tokens: int = MOST_TOKENS,
    ) -> None:
        self.lines = list({line.prompt: line for line in lines}.values())[:SHOWN]
        self.tokenizer = tokenizer
        self.judge = judge
        self.max_new_tokens = min(max_new_tokens, MOST_TOKENS)

    def show(self, step: int, model: PreTrainedModel) -> None:
        if not processes.first():
            return
        training, threads = model.training, torch.get_num_threads()
        prompts = [line.prompt for line in self.lines]
        try:
            answers = greedy_answers(model.eval(), self.tokenizer, prompts, self.max_new_tokens)
        finally:
            model.train(training)
            torch.set_num_threads(threads)
        rewards = self.judge(self.lines, answers) if self.judge else [None] * len(answers)
        for number, (prompt, answer, reward) in enumerate(zip(prompts, answers, rewards, strict=True)):
            sample(step, number, prompt, answer, reward)
