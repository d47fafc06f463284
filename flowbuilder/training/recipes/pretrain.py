"""Train a small language model from random weights: the recipe of the starter model, and of every new one.

    python -m flowbuilder.training.recipes.pretrain config.json

Config in, model version folder out, one JSON line of metrics per log step on stdout. Reads top to
bottom: loss, schedule, the loop; settings, model, batches and checkpoints are in ``pretraining/``, the tokenizer
in ``vocabulary.py``, the corpus in ``reading.py``. Prompt and completion are rendered by the chat template of the tokenizer made here,
so a model version answers the same prompts whatever runs it. The schedule is warm-up, stable, decay (Hu et al.
2024, "MiniCPM"), because a time budget then decides only when the decay starts; the hybrid is LFM2 as
transformers builds it from its config (Liquid AI 2025), the plain one GPT-2 (Radford et al. 2019).
"""

import math
import shutil
import time
from typing import Any

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from flowbuilder.training.recipes import pausing, processes
from flowbuilder.training.recipes.checkpoints import hash_folder, hashes_hold
from flowbuilder.training.recipes.pretraining.batching import batches, copy_batch, grouped_by_length, tensors
from flowbuilder.training.recipes.pretraining.config import PretrainConfig
from flowbuilder.training.recipes.pretraining.keeping import (
    Log,
    load_checkpoint,
    save_checkpoint,
    save_version,
)
from flowbuilder.training.recipes.pretraining.model import build_model, make_optimizer
from flowbuilder.training.recipes.reading import Corpus, Row, Weights
from flowbuilder.training.recipes.reporting import emit, metrics
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.shown import Shown
from flowbuilder.training.recipes.trainer import memory_used
from flowbuilder.training.recipes.vocabulary import train_tokenizer


def weighted_loss(model: PreTrainedModel, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy in nats, weighted per token. Right padding needs no mask in a causal model."""
    logits = model(input_ids=ids, use_cache=False).logits[:, :-1]
    losses = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    weight = weights[:, 1:].flatten()
    return (losses * weight).sum() / weight.sum()


def progress(config: PretrainConfig, step: int, seconds: float) -> float:
    """The part of the budget that is used up, 0 to 1 (and beyond)."""
    by_step = step / config.steps if config.steps else 0.0
    by_time = seconds / 60 / config.minutes if config.minutes else 0.0
    return max(by_step, by_time)


def rate_at(config: PretrainConfig, step: int, done: float) -> float:
    """Learning rate of a step: linear warm-up, then constant, then linear to zero."""
    warm = min(1.0, (step + 1) / config.warmup_steps) if config.warmup_steps else 1.0
    decay = min(1.0, max(0.0, (1 - done) / config.decay_fraction)) if config.decay_fraction else 1.0
    return config.learning_rate * min(warm, decay)


@torch.inference_mode()
def held_out_loss(model: PreTrainedModel, rows: list[Row], config: PretrainConfig, pad: int) -> float:
    """Nats a token, of the tokens that weigh fully: of a text all, of a conversation its answer's."""
    model.eval()
    total = count = 0.0
    for group in grouped_by_length(sorted(rows, key=lambda row: len(row.tokens)), config.batch_tokens):
        ids, weights = tensors(group, pad)
        asked = (weights == 1.0).float()
        learned = asked[:, 1:].sum().item()
        total += weighted_loss(model, ids.to(model.device), asked.to(model.device)).item() * learned
        count += learned
    model.train()
    return total / count


class Run:
    """A training from its start, or from where it was stopped."""

    def __init__(self, config: PretrainConfig) -> None:
        self.config = config
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.corpus = config.corpus()
        self.tokenizer = _tokenizer(config, self.corpus)
        self.pad = int(self.tokenizer.pad_token_id)
        weights = Weights(config.prompt_loss, config.mock_digit_loss)
        self.corpus.open(self.tokenizer, config.max_length, weights)
        self.aside = self.corpus.held_out()
        self.shown = Shown(self.corpus.shown(), self.tokenizer)
        self.model = build_model(config, self.tokenizer).to(self.device)
        self.model.train()
        self.optimizer = make_optimizer(config, self.model)
        self.log = Log(config, held_out=bool(self.aside and config.samples_every))
        self.at = load_checkpoint(config, self.model, self.optimizer, self.log)
        self.pool = batches(config, self.corpus, self.at.pool, self.pad)
        self.clock = time.monotonic()

    @property
    def done(self) -> float:
        return progress(self.config, self.at.step, self.at.seconds)

    def step(self) -> float:
        """Learn from a batch; the gradient's norm."""
        copying, (ids, weights) = self.batch()
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(self.config, self.at.step, self.done)
        self.optimizer.zero_grad(set_to_none=True)
        loss = weighted_loss(self.model, ids.to(self.device), weights.to(self.device))
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        self.optimizer.step()
        at = self.at
        (at.copy_losses if copying else at.losses).append(loss.item())
        at.step, at.tokens = at.step + 1, at.tokens + ids.numel()
        now = time.monotonic()
        at.seconds, self.clock = at.seconds + now - self.clock, now
        return float(norm)

    def batch(self) -> tuple[bool, tuple[torch.Tensor, torch.Tensor]]:
        """The next one, and whether it is one of copying."""
        config, at = self.config, self.at
        every = 2 if at.step < config.copy_steps else config.copy_every
        if config.copying and at.step % every == 1:
            return True, copy_batch(config, self.tokenizer, at.step)
        if at.batch == len(self.pool):
            at.pool, at.batch = at.pool + 1, 0
            self.pool = batches(config, self.corpus, at.pool, self.pad)
        at.batch += 1
        return False, self.pool[at.batch - 1]

    def report(self, norm: float) -> None:
        """When it is time: the figures, and what the model writes."""
        config, at = self.config, self.at
        last = at.step == config.steps
        looks = bool(config.samples_every) and (at.step % config.samples_every == 0 or last)
        if not (at.step % config.log_every == 0 or looks or last):
            return
        values = {
            **({"loss": mean(at.losses)} if at.losses else {}),
            **({"copy_loss": mean(at.copy_losses)} if at.copy_losses else {}),
            **(self.held_out(MEASURED) if looks else {}),
            "grad_norm": norm,
            "learning_rate": self.optimizer.param_groups[0]["lr"],
            "tokens": float(at.tokens),
            "seconds": at.seconds,
            "tokens_per_second": at.tokens / at.seconds,
            **memory_used(),
        }
        if looks:
            self.shown.show(at.step, self.model)
        metrics(at.step, config.steps or at.step, values)
        self.log.add(at.step, values)
        at.losses, at.copy_losses = [], []

    def held_out(self, count: int | None = None) -> dict[str, float]:
        if not self.aside:
            return {}
        loss = held_out_loss(self.model, self.aside[:count], self.config, self.pad)
        return {"held_out_loss": loss, "held_out_perplexity": math.exp(min(loss, 50.0))}

    def save(self) -> None:
        save_checkpoint(self.config, self.model, self.optimizer, self.at, self.log)


def pretrain(config: PretrainConfig) -> dict[str, Any]:
    """Run or resume the training that ``config`` describes; returns the metrics of the finished version.

    Raises ``ValueError`` for a config without a budget or with data that does not fit.
    """
    if config.minutes is None and config.steps is None:
        raise ValueError("a budget is needed: set minutes, steps or both")
    processes.refuse_several("Pre-training")
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    run = Run(config)
    at = run.at
    parameters = sum(p.numel() for p in run.model.parameters())
    emit(
        event="start",
        parameters=parameters,
        vocabulary=len(run.tokenizer),
        held_out_rows=len(run.aside),
        resumed_at=at.step,
    )
    if at.step == 0 and config.samples_every:
        run.shown.show(0, run.model)

    saved = time.monotonic()
    while run.done < 1 and not run.log.still:
        run.report(run.step())
        paused = pausing.asked() and run.done < 1
        due = config.save_every is not None and at.step % config.save_every == 0
        if paused or due or time.monotonic() - saved > config.checkpoint_minutes * 60:
            run.save()
            saved = time.monotonic()
        if paused:
            raise pausing.Paused(at.step)

    run.save()
    figures = {
        "parameters": parameters,
        "steps": at.step,
        "tokens": at.tokens,
        "minutes": round(at.seconds / 60, 2),
        "stopped_early": float(run.log.still and run.done < 1),
        **run.held_out(),
    }
    save_version(config.out_dir, run.model, run.tokenizer, figures)
    emit(event="finished", metrics=figures)
    return figures


MEASURED = 64
"""Held-out rows whose loss is measured on the way; at the end all are."""


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _tokenizer(config: PretrainConfig, corpus: Corpus) -> PreTrainedTokenizerFast:
    """The tokenizer of this run: kept beside the checkpoints, learned from the data the first time."""
    folder = config.work_dir / "tokenizer"
    if folder.is_dir() and hashes_hold(folder):
        return PreTrainedTokenizerFast.from_pretrained(folder)
    tokenizer = train_tokenizer(corpus.texts(), config.vocab_size, config.max_length, chats=corpus.chats)
    shutil.rmtree(folder, ignore_errors=True)
    tokenizer.save_pretrained(folder, save_jinja_files=False)
    hash_folder(folder)
    return tokenizer


if __name__ == "__main__":
    run_recipe(pretrain, PretrainConfig)
