"""What the two versions are asked, and their answers, saved as they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flowbuilder.modelhub.runtime.batching import Batch
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.training.recipes.evaluating.config import EvaluateJob
from flowbuilder.training.recipes.evaluating.progress import Progress
from flowbuilder.training.recipes.reporting import sample
from flowbuilder.training.recipes.saved import Saved
from flowbuilder.training.safety import SafetyItem
from nodes.reward.scoring import score_programmed
from nodes.types import PromptLine

SAMPLES = 4
"""Prompts whose answers are shown as they come."""


@dataclass(frozen=True)
class Asked:
    """A prompt of the evaluation, or a safety item."""

    number: int
    line: PromptLine
    item: SafetyItem | None = None


def draws(job: EvaluateJob, one: Asked) -> int:
    return 1 if one.item else 1 + job.samples


def answered(
    job: EvaluateJob,
    side: str,
    batch: Batch,
    asked: list[Asked],
    rules: list[Any],
    saved: Saved,
    progress: Progress,
) -> set[int]:
    """Have the model answer what is not saved yet; the numbers of the prompts that it cannot read."""
    unread, texts, by_key = set(), {}, {}
    for one in asked:
        for draw in range(draws(job, one)):
            key = f"{side}:{one.number}:{draw}"
            by_key[key] = one
            if key in saved:
                progress.advance()
                continue
            try:
                batch.add(
                    Request(
                        key,
                        "",
                        "causal",
                        [{"role": "user", "content": one.line.prompt}],
                        max_new_tokens=job.max_new_tokens,
                        temperature=job.temperature if draw else 0,
                        seed=job.seed + draw * len(asked) + one.number,
                    )
                )
            except ValueError:  # longer than the model reads
                unread.add(one.number)
                progress.advance()
    while batch.busy:
        for piece in batch.step():
            texts[piece.id] = texts.get(piece.id, "") + piece.text
            if piece.done:
                saved[piece.id] = texts[piece.id]
                show(side, by_key[piece.id], piece.id.endswith(":0"), texts[piece.id], rules, progress)
    return unread


def show(side: str, one: Asked, likeliest: bool, text: str, rules: list[Any], progress: Progress) -> None:
    """An answer that has just come: to the curves, and of the first prompts as a sample."""
    value = 0.0
    if rules and not one.item:
        value = score_programmed(rules, text, prompt=one.line.prompt, reference=one.line.reference).value
        progress.note(**{f"reward_{side}": value})
    progress.note(**{f"length_{side}": float(len(text))})
    progress.advance()
    if likeliest and one.number < SAMPLES:
        sample(progress.step, one.number, one.line.prompt, text, value)
