"""What the recipes share that learn from pairs of answers, one chosen and one rejected: DPO, KTO and ORPO.

They differ in their loss; a pair is read, kept aside, measured and saved in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from pydantic import Field
from transformers import AutoModelForCausalLM, PreTrainedModel, Trainer, set_seed

from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.adapters import adapter, save
from flowbuilder.training.recipes.examples import Example, divided, example, logprobs, only_fitting
from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.judge import mean
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.reporting import emit
from flowbuilder.training.recipes.shown import Shown
from flowbuilder.training.recipes.trainer import MAX_KL, Watch, carry_out, once, quiet
from nodes.types import PreferencePair, PromptLine

HELD_OUT = "held_out_loss"
MEASURED = 32
"""Held-out pairs that are measured on the way."""
Pair = tuple[Example, Example]
"""The chosen answer and the rejected one, each with the prompt."""


class PreferenceJob(TrainingJob):
    """Everything that such a job depends on, whatever its loss."""

    pairs: list[PreferencePair] = Field(min_length=1)
    steps: int = Field(200, ge=1)
    batch_size: int = Field(8, ge=1)
    """Pairs a step."""
    learning_rate: float = Field(2e-5, gt=0)
    """At the first step; it falls linearly to zero."""
    beta: float = Field(0.1, gt=0)
    """Each recipe says what it weighs."""
    held_out: float = Field(0.1, ge=0, le=0.5)
    """Share of the pairs kept aside to measure the accuracy."""
    save_every: int = Field(25, ge=1)
    """Steps between checkpoints."""

    def arguments(self) -> dict[str, Any]:
        """For TRL's configuration of any of them."""
        shared = quiet(self.work_dir, seed=self.seed, steps=self.steps, save_every=self.save_every)
        return {**shared, "learning_rate": self.learning_rate, "beta": self.beta, "max_length": None}

    def reference(self) -> PreTrainedModel | None:
        """The model as it was; with adapters it is the model without them."""
        return None if self.lora_rank else load(AutoModelForCausalLM, self.model)


def improve(
    job: PreferenceJob,
    trainer_of: Callable[..., Trainer],
    shown: dict[str, str],
    most: Callable[[list[Pair]], dict[str, float]],
) -> dict[str, float]:
    """``trainer_of(pairs, **arguments)`` gives TRL's trainer; ``most(pairs)`` the figures that none outgrows
    unless it diverges."""
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(job.model)
    model = load(AutoModelForCausalLM, job.model)
    read = [pair_of(tokenizer, pair) for pair in job.pairs]
    fitting = only_fitting(model, read, lambda pair: pair)
    kept, aside = divided(fitting, job.held_out, job.seed)
    measured = aside or kept
    before = once(job.work_dir / "before.json", lambda: both(model, measured))
    emit(
        event="start",
        parameters=model.num_parameters(),
        pairs=len(kept),
        held_out_pairs=len(aside),
        too_long=len(read) - len(fitting),
    )

    trainer = trainer_of(
        kept,
        model=model,
        processing_class=tokenizer,
        peft_config=adapter(model, job.lora_rank),
    )
    some, were = aside[:MEASURED], [side[:MEASURED] for side in before]
    watch = Watch(
        shown,
        most(kept),
        measured={HELD_OUT: lambda model: held_out_loss(both(model, some), were, job.beta)} if aside else {},
        watched=HELD_OUT if aside and job.samples_every else "loss",
        shown=Shown([PromptLine(prompt=pair.prompt) for pair in job.pairs], tokenizer),
    )
    ended = carry_out(trainer, job, watch)
    if not processes.first():
        return ended

    save(trainer.model, tokenizer, job.out_dir, merge=job.merge)
    after = both(load(AutoModelForCausalLM, job.out_dir), measured)
    figures = {
        **judged(measured, before, after),
        "pairs": float(len(kept)),
        "held_out_pairs": float(len(aside)),
        **ended,
    }
    emit(event="finished", metrics=figures)
    return figures


def pair_of(tokenizer: Any, pair: PreferencePair) -> Pair:
    messages = [{"role": "user", "content": pair.prompt}]
    return example(tokenizer, messages, pair.chosen), example(tokenizer, messages, pair.rejected)


def both(model: PreTrainedModel, pairs: list[Pair]) -> list[list[float]]:
    """Log-probabilities of the chosen answers, and of the rejected ones."""
    return [logprobs(model, list(side)) for side in zip(*pairs, strict=True)]


def judged(pairs: list[Pair], before: list[list[float]], after: list[list[float]]) -> dict[str, float]:
    """The held-out figures.

    ``accuracy``: the share of pairs whose chosen answer is the likelier one, a token: a long answer is not less
    likely for being long. ``preferred``: the share in which the training moved the odds towards the chosen
    answer (the accuracy of the reward that is implicit in the model: Rafailov et al. 2023, section 4);
    ``margin``: by how many nats on average.
    """
    margins = [
        (chosen - was_chosen) - (rejected - was_rejected)
        for chosen, rejected, was_chosen, was_rejected in zip(*after, *before, strict=True)
    ]
    return {
        "accuracy_before": accuracy(pairs, before),
        "accuracy_after": accuracy(pairs, after),
        "preferred": mean([float(margin > 0) for margin in margins]),
        "margin": mean(margins),
    }


def held_out_loss(now: list[list[float]], was: list[list[float]], beta: float) -> float:
    """DPO's own (Rafailov et al. 2023, equation 7), whichever recipe it watches: 0.69 as long as nothing is learned,
    and rising again once the kept pairs are learned by heart."""
    losses = [
        math.log1p(math.exp(-abs(margin))) + max(-margin, 0.0)
        for chosen, rejected, was_chosen, was_rejected in zip(*now, *was, strict=True)
        for margin in [beta * ((chosen - was_chosen) - (rejected - was_rejected))]
    ]
    return mean(losses)


def accuracy(pairs: list[Pair], found: list[list[float]]) -> float:
    return mean(
        [
            float(chosen / len(pair[0].answer) > rejected / len(pair[1].answer))
            for pair, chosen, rejected in zip(pairs, *found, strict=True)
        ]
    )


def far_from_reference(pairs: list[Pair], beta: float) -> dict[str, float]:
    """The implicit reward of an answer each of whose tokens drifted by ``MAX_KL``."""
    most = beta * MAX_KL * mean([float(len(one.answer)) for pair in pairs for one in pair])
    return {"chosen_reward": most, "rejected_reward": most}
