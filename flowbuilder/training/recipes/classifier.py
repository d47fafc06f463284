"""Trains a model that tells which label fits a text, with transformers' Trainer.

    python -m flowbuilder.training.recipes.classifier config.json

A linear layer on what a language model makes of the last token, trained with all the rest by cross-entropy: Radford
et al. 2018, "Improving Language Understanding by Generative Pre-Training", section 3.2. So that a rare label is not
given up for a frequent one, each text weighs as much as its label is rare (King and Zeng 2001, "Logistic Regression
in Rare Events Data", section 4.2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from pydantic import Field
from torch import Tensor
from transformers import (
    AutoModelForSequenceClassification,
    PreTrainedModel,
    Trainer,
    TrainingArguments,
    set_seed,
)

from flowbuilder.modelhub.runtime import architectures  # noqa: F401 - registers what Auto classes lack
from flowbuilder.modelhub.runtime.classifying import ClassifyBatch
from flowbuilder.modelhub.runtime.prompting import text_ids
from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.adapters import adapted_by, adapter, save
from flowbuilder.training.recipes.confusion import Confusion
from flowbuilder.training.recipes.examples import Example, divided, only_fitting
from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.reporting import emit, sample
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.trainer import Watch, carry_out, quiet
from nodes.types import LabelledText


class ClassifierJob(TrainingJob):
    """Everything a job depends on."""

    labelled: list[LabelledText] = Field(min_length=2)
    steps: int = Field(200, ge=1)
    batch_size: int = Field(16, ge=1)
    """Texts a step."""
    learning_rate: float = Field(1e-4, gt=0)
    """At the first step; it falls linearly to zero."""
    balanced: bool = True
    """Whether labels count alike, however many texts they have."""
    held_out: float = Field(0.2, ge=0, le=0.5)
    """Share of each label's texts kept aside to measure on."""
    save_every: int = Field(25, ge=1)
    """Steps between checkpoints."""


class Text(NamedTuple):
    said: str
    ids: list[int]
    label: int


SHOWN = {
    "loss": "loss",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "num_input_tokens_seen": "tokens",
}
HELD_OUT = "held_out_loss"
MEASURED = 128
"""Held-out texts that are measured on the way."""
LOOKED_AT = 4
"""Of these the label is shown on the way."""


def train(job: ClassifierJob) -> dict[str, float]:
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    labels = sorted({one.label for one in job.labelled})
    if len(labels) < 2:
        raise ValueError(f"All texts have the label '{labels[0]}': give texts of at least two.")
    tokenizer = load_tokenizer(job.model, padding_side="right")
    names = dict(enumerate(labels))
    model = load(
        AutoModelForSequenceClassification,
        job.model,
        id2label=names,
        label2id={label: index for index, label in names.items()},
        problem_type="single_label_classification",
    )
    model.config.pad_token_id = tokenizer.pad_token_id
    read = [Text(one.text, text_ids(tokenizer, one.text), labels.index(one.label)) for one in job.labelled]
    fitting = only_fitting(model, read, lambda text: [Example(text.ids, [])])
    kept, aside = divided_by_label(fitting, job.held_out, job.seed)
    weights = label_weights([text.label for text in kept], len(labels), balanced=job.balanced)
    emit(
        event="start",
        parameters=model.num_parameters(),
        texts=len(kept),
        held_out_texts=len(aside),
        labels=labels,
        too_long=len(read) - len(fitting),
    )

    trainer = Trainer(
        model=adapted_by(model, adapter(model, job.lora_rank, also=("score",))),
        args=TrainingArguments(
            **quiet(job.work_dir, seed=job.seed, steps=job.steps, save_every=job.save_every),
            per_device_train_batch_size=processes.share(job.batch_size, "batch_size"),
            learning_rate=job.learning_rate,
            include_num_input_tokens_seen="non_padding",
        ),
        train_dataset=[{"input_ids": text.ids, "labels": text.label} for text in kept],
        data_collator=collated(tokenizer),
        processing_class=tokenizer,
        compute_loss_func=weighted_loss(weights),
    )
    measured = aside or kept
    watch = Watch(
        SHOWN,
        measured={
            HELD_OUT: lambda model: loss(model, tokenizer, aside[:MEASURED], weights),
            "held_out_accuracy": lambda model: found(model, tokenizer, aside[:MEASURED], labels).accuracy,
        }
        if aside
        else {},
        watched=HELD_OUT if aside and job.samples_every else "loss",
        shown=ShownLabels(measured[:LOOKED_AT], tokenizer, labels),
    )
    ended = carry_out(trainer, job, watch)
    if not processes.first():
        return ended

    save(trainer.model, tokenizer, job.out_dir, merge=job.merge)
    better = load(AutoModelForSequenceClassification, job.out_dir)
    confusion = found(better, tokenizer, measured, labels)
    figures = {
        "accuracy": confusion.accuracy,
        "macro_f1": confusion.macro_f1,
        "texts": float(len(kept)),
        "held_out_texts": float(len(aside)),
        **ended,
    }
    emit(event="finished", metrics=figures, report=confusion.report())
    return figures


def divided_by_label(texts: Sequence[Text], share: float, seed: int) -> tuple[list[Text], list[Text]]:
    """As ``divided``, for each label by itself: a rare one is on both sides, where it has two texts or more."""
    kept, aside = [], []
    for label in sorted({text.label for text in texts}):
        there, away = divided([text for text in texts if text.label == label], share, seed)
        kept += there
        aside += away
    return kept, divided(aside, 0, seed)[0] if aside else []


def label_weights(labels: Sequence[int], count: int, *, balanced: bool) -> Tensor:
    """Of each label, so that the mean over the texts is 1."""
    if not balanced:
        return torch.ones(count)
    there = Counter(labels)
    return torch.tensor(
        [len(labels) / (len(there) * there[label]) if there[label] else 0.0 for label in range(count)]
    )


def collated(tokenizer: Any) -> Any:
    def batch(rows: list[dict[str, Any]]) -> dict[str, Tensor]:
        padded = tokenizer.pad({"input_ids": [row["input_ids"] for row in rows]}, return_tensors="pt")
        return {**padded, "labels": torch.tensor([row["labels"] for row in rows])}

    return batch


def weighted_loss(weights: Tensor) -> Any:
    """The mean over the texts of a step, all processes' together."""

    def total(outputs: Any, labels: Tensor, num_items_in_batch: Any = None) -> Tensor:
        losses = torch.nn.functional.cross_entropy(
            outputs.logits.float(), labels, weight=weights.to(labels.device), reduction="sum"
        )
        return losses / (len(labels) if num_items_in_batch is None else num_items_in_batch)

    return total


def chances(model: PreTrainedModel, tokenizer: Any, texts: Sequence[Text]) -> list[list[float]]:
    """As the runtime finds them."""
    training = model.training
    rows = ClassifyBatch(model.eval(), tokenizer).probabilities([text.ids for text in texts])
    model.train(training)
    return rows


def loss(model: PreTrainedModel, tokenizer: Any, texts: Sequence[Text], weights: Tensor) -> float:
    rows = torch.tensor(chances(model, tokenizer, texts)).clamp(min=1e-12)
    picked = torch.tensor([text.label for text in texts])
    return float((-rows.log().gather(1, picked[:, None]).squeeze(1) * weights[picked]).mean())


def found(model: PreTrainedModel, tokenizer: Any, texts: Sequence[Text], labels: Sequence[str]) -> Confusion:
    rows = chances(model, tokenizer, texts)
    likeliest = [max(range(len(labels)), key=row.__getitem__) for row in rows]
    return Confusion(labels, [(text.label, said) for text, said in zip(texts, likeliest, strict=True)])


class ShownLabels:
    """What the model says of a few texts: as ``shown.Shown``, with a label for an answer."""

    def __init__(self, texts: Sequence[Text], tokenizer: Any, labels: Sequence[str]) -> None:
        self.texts = texts
        self.tokenizer = tokenizer
        self.labels = labels

    def show(self, step: int, model: PreTrainedModel) -> None:
        rows = chances(model, self.tokenizer, self.texts)
        for number, (text, row) in enumerate(zip(self.texts, rows, strict=True)):
            best = max(range(len(row)), key=row.__getitem__)
            right = 1.0 if best == text.label else 0.0
            sample(step, number, text.said, f"{self.labels[best]} ({row[best]:.0%})", right)


if __name__ == "__main__":
    run_recipe(train, ClassifierJob)
