"""Answers scored by the models that were trained for it: how likely each version finds what people wrote, and what a reward
model says."""

from __future__ import annotations

from typing import Any

from transformers import AutoModelForSequenceClassification

from flowbuilder.modelhub.runtime.scoring import ScoreBatch
from flowbuilder.training.findings import Row
from flowbuilder.training.recipes.evaluating.answering import Asked
from flowbuilder.training.recipes.evaluating.config import EvaluateJob
from flowbuilder.training.recipes.examples import Example, example, fits, logprobs
from flowbuilder.training.recipes.judge import mean
from flowbuilder.training.recipes.loading import here, load, load_tokenizer
from flowbuilder.training.recipes.saved import Saved
from nodes.reward.rewards.learned import squashed

READ_AT_ONCE = 16


def likelihoods(
    side: str, model: Any, tokenizer: Any, asked: list[Asked], saved: Saved
) -> dict[int, tuple[float, int]]:
    """Of the references: the loss in nats and the tokens. One that the model cannot read is passed over."""
    wanted: list[tuple[int, Example]] = []
    for one in asked:
        if one.line.reference:
            messages = [{"role": "user", "content": one.line.prompt}]
            wanted.append((one.number, example(tokenizer, messages, one.line.reference)))
    fitting = [(number, text) for number, text in wanted if fits(model, text)]
    for start in range(0, len(fitting), READ_AT_ONCE):
        part = [
            entry for entry in fitting[start : start + READ_AT_ONCE] if f"{side}:{entry[0]}:loss" not in saved
        ]
        if part:
            for (number, _), chance in zip(part, logprobs(model, [text for _, text in part]), strict=True):
                saved[f"{side}:{number}:loss"] = -chance
    return {number: (saved[f"{side}:{number}:loss"], len(text.answer)) for number, text in fitting}


def learned(job: EvaluateJob, rules: list[Any], rows: list[Row]) -> None:
    """Give each answer the reward model's score, and the score of both together."""
    batch = None
    if job.reward_model is not None:
        model = here(load(AutoModelForSequenceClassification, job.reward_model))
        batch = ScoreBatch(model, load_tokenizer(job.reward_model))
    weight = sum(rule.weight for rule in rules)
    for row in rows:
        if row.item:
            continue
        for side in (row.before, row.after):
            if batch is not None:
                messages = [{"role": "user", "content": row.prompt}]
                raw = batch.score([(messages, text) for text in (side.answer, *side.samples)])
                side.learned = mean([squashed(value)[0] for value in raw])
            scores = [(side.rules, weight), (side.learned, 1.0)]
            known = [(value, share) for value, share in scores if value is not None]
            if known:
                side.score = sum(value * share for value, share in known) / sum(share for _, share in known)
