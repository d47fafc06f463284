"""Trains a model that scores answers as people chose between them, through TRL.

    python -m flowbuilder.training.recipes.reward_model config.json

The Bradley-Terry loss of Ouyang et al. 2022, "Training language models to follow instructions with human
feedback", section 3.5: minus log sigmoid of the chosen answer's score less the rejected one's. It starts
from the model whose answers it will judge, so that it keeps what that one knows.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from datasets import Dataset
from pydantic import Field
from transformers import AutoModelForSequenceClassification, set_seed
from trl import RewardConfig, RewardTrainer

from flowbuilder.modelhub.runtime import architectures  # noqa: F401 - registers what Auto classes lack
from flowbuilder.modelhub.runtime.prompting import answer_ids
from flowbuilder.modelhub.runtime.scoring import ScoreBatch
from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.adapters import adapter, save
from flowbuilder.training.recipes.examples import divided
from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.judge import mean
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.reporting import emit
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.trainer import Watch, carry_out, quiet
from nodes.types import PreferencePair


class RewardModelJob(TrainingJob):
    """Everything a job depends on."""

    pairs: list[PreferencePair] = Field(min_length=2)
    steps: int = Field(300, ge=1)
    batch_size: int = Field(16, ge=1)
    """Pairs a step."""
    learning_rate: float = Field(1e-4, gt=0)
    held_out: float = Field(0.1, ge=0, le=0.5)
    """Share of the pairs kept aside to measure the accuracy."""
    save_every: int = Field(25, ge=1)


SHOWN = {
    "loss": "loss",
    "accuracy": "accuracy",
    "margin": "margin",
    "mean_reward": "score",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "num_tokens": "tokens",
}
HELD_OUT = "held_out_loss"
MEASURED = 64
"""Held-out pairs that are measured on the way."""


def train(job: RewardModelJob) -> dict[str, float]:
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(job.model)
    model = load(AutoModelForSequenceClassification, job.model, num_labels=1)
    model.config.pad_token_id = tokenizer.pad_token_id
    kept, aside = divided(job.pairs, job.held_out, job.seed)
    emit(event="start", parameters=model.num_parameters(), pairs=len(kept), held_out_pairs=len(aside))

    trainer = RewardTrainer(
        model=model,
        args=RewardConfig(
            **quiet(job.work_dir, seed=job.seed, steps=job.steps, save_every=job.save_every),
            per_device_train_batch_size=processes.share(job.batch_size, "batch_size"),
            learning_rate=job.learning_rate,
            # Without it only differences are learned, and scores of different prompts drift apart:
            # Eisenstein et al. 2023, "Helping or Herding?", appendix.
            center_rewards_coefficient=0.01,
            max_length=None,
        ),
        train_dataset=Dataset.from_list([tokens(tokenizer, pair) for pair in kept]),
        processing_class=tokenizer,
        peft_config=adapter(model, job.lora_rank, also=("score",)),
    )
    watch = Watch(
        SHOWN,
        measured={
            HELD_OUT: lambda model: loss(model, tokenizer, aside[:MEASURED]),
            "held_out_accuracy": lambda model: accuracy(model, tokenizer, aside[:MEASURED]),
        }
        if aside
        else {},
        watched=HELD_OUT if aside and job.samples_every else "loss",
    )
    ended = carry_out(trainer, job, watch)
    if not processes.first():
        return ended

    save(trainer.model, tokenizer, job.out_dir, merge=job.merge)
    better = load(AutoModelForSequenceClassification, job.out_dir)
    figures = {
        "accuracy": accuracy(better, tokenizer, aside or kept),
        "pairs": float(len(kept)),
        "held_out_pairs": float(len(aside)),
        **ended,
    }
    emit(event="finished", metrics=figures)
    return figures


def tokens(tokenizer: Any, pair: PreferencePair) -> dict[str, list[int]]:
    """As the reward node will read them: training and use must not differ."""
    messages = [{"role": "user", "content": pair.prompt}]
    return {
        "chosen_ids": answer_ids(tokenizer, messages, pair.chosen),
        "rejected_ids": answer_ids(tokenizer, messages, pair.rejected),
    }


def accuracy(model: Any, tokenizer: Any, pairs: list[PreferencePair]) -> float:
    """Share of pairs whose chosen answer scores higher."""
    return mean([float(margin > 0) for margin in margins(model, tokenizer, pairs)])


def loss(model: Any, tokenizer: Any, pairs: list[PreferencePair]) -> float:
    """What is trained, without the centring."""
    return mean(
        [
            math.log1p(math.exp(-abs(margin))) + max(-margin, 0.0)
            for margin in margins(model, tokenizer, pairs)
        ]
    )


def margins(model: Any, tokenizer: Any, pairs: list[PreferencePair]) -> list[float]:
    """How much higher each chosen answer scores."""
    training = model.training
    batch = ScoreBatch(model.eval(), tokenizer)
    chosen, rejected = (
        batch.score([([{"role": "user", "content": pair.prompt}], getattr(pair, side)) for pair in pairs])
        for side in ("chosen", "rejected")
    )
    model.train(training)
    return [better - worse for better, worse in zip(chosen, rejected, strict=True)]


if __name__ == "__main__":
    run_recipe(train, RewardModelJob)
