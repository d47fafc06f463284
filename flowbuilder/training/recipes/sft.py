"""Teaches a model by showing it how: it learns to write the answers of demonstrations, through TRL.

    python -m flowbuilder.training.recipes.sft config.json

Supervised fine-tuning, the first step of Ouyang et al. 2022, "Training language models to follow instructions
with human feedback", section 3.5: cross-entropy of the answer's tokens, and of those alone; prompts are read,
not learned.
"""

from __future__ import annotations

import math

import torch
from datasets import Dataset
from pydantic import Field
from transformers import AutoModelForCausalLM, PreTrainedModel, set_seed
from trl import SFTConfig, SFTTrainer

from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.adapters import adapter, save
from flowbuilder.training.recipes.examples import Example, divided, example, logprobs, only_fitting
from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.reporting import emit
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.shown import Shown
from flowbuilder.training.recipes.trainer import Watch, carry_out, once, quiet
from nodes.types import Demonstration, PromptLine


class SftJob(TrainingJob):
    """Everything a job depends on."""

    examples: list[Demonstration] = Field(min_length=1)
    steps: int = Field(200, ge=1)
    batch_size: int = Field(8, ge=1)
    """Demonstrations a step."""
    learning_rate: float = Field(1e-4, gt=0)
    """At the first step; it falls linearly to zero."""
    held_out: float = Field(0.1, ge=0, le=0.5)
    """Share of the demonstrations kept aside to measure the loss."""
    save_every: int = Field(25, ge=1)
    """Steps between checkpoints."""


SHOWN = {
    "loss": "loss",
    "mean_token_accuracy": "token_accuracy",
    "entropy": "entropy",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "num_tokens": "tokens",
}
HELD_OUT = "held_out_loss"
MEASURED = 64
"""Held-out demonstrations whose loss is measured on the way."""
IGNORED = -100
"""The label of a token that is read and not learned."""


def train(job: SftJob) -> dict[str, float]:
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(job.model)
    model = load(AutoModelForCausalLM, job.model)
    read = [example(tokenizer, one.asked, one.answer) for one in job.examples]
    fitting = only_fitting(model, read, lambda one: [one])
    kept, aside = divided(fitting, job.held_out, job.seed)
    before = once(job.work_dir / "before.json", lambda: loss(model, aside or kept))
    emit(
        event="start",
        parameters=model.num_parameters(),
        examples=len(kept),
        held_out_examples=len(aside),
        too_long=len(read) - len(fitting),
        loss_before=before,
    )

    trainer = SFTTrainer(
        model=model,
        args=SFTConfig(
            **quiet(job.work_dir, seed=job.seed, steps=job.steps, save_every=job.save_every),
            per_device_train_batch_size=processes.share(job.batch_size, "batch_size"),
            learning_rate=job.learning_rate,
            max_length=None,
        ),
        train_dataset=Dataset.from_list([labelled(one) for one in kept]),
        processing_class=tokenizer,
        peft_config=adapter(model, job.lora_rank),
    )
    watch = Watch(
        SHOWN,
        # A model that knows nothing is at the logarithm of its vocabulary.
        most={"loss": 3 * math.log(len(tokenizer))},
        measured={HELD_OUT: lambda model: loss(model, aside[:MEASURED])} if aside else {},
        watched=HELD_OUT if aside and job.samples_every else "loss",
        shown=Shown([question(one) for one in job.examples], tokenizer),
    )
    ended = carry_out(trainer, job, watch)
    if not processes.first():
        return ended

    save(trainer.model, tokenizer, job.out_dir, merge=job.merge)
    after = loss(load(AutoModelForCausalLM, job.out_dir), aside or kept)
    figures = {
        "loss_before": before,
        "loss_after": after,
        "examples": float(len(kept)),
        "held_out_examples": float(len(aside)),
        **ended,
    }
    emit(event="finished", metrics=figures)
    return figures


def labelled(one: Example) -> dict[str, list[int]]:
    return {"input_ids": one.ids, "labels": [IGNORED] * len(one.prompt) + one.answer}


def question(one: Demonstration) -> PromptLine:
    """What was asked last."""
    return PromptLine(prompt=one.asked[-1]["content"], reference=one.answer)


def loss(model: PreTrainedModel, examples: list[Example]) -> float:
    """Nats a token of the answers."""
    return -math.fsum(logprobs(model, examples)) / sum(len(one.answer) for one in examples)


if __name__ == "__main__":
    run_recipe(train, SftJob)
