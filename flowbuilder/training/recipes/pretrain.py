"""Train a small language model from random weights: the recipe of the starter model, and of every new one.

    python -m flowbuilder.training.recipes.pretrain config.json

Config in, model version folder out, one JSON line of metrics per log step on stdout. Reads top to
bottom: settings, model, data, schedule, checkpoints, the loop; the tokenizer is in ``vocabulary.py``, the
corpus in ``reading.py``. Prompt and completion are rendered by the chat template of the tokenizer made here,
so a model version answers the same prompts whatever runs it. The schedule is warm-up, stable, decay (Hu et al.
2024, "MiniCPM"), because a time budget then decides only when the decay starts; the hybrid is LFM2 as
transformers builds it from its config (Liquid AI 2025), the plain one GPT-2 (Radford et al. 2019).
"""

import json
import math
import random
import shutil
import time
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field, model_validator
from safetensors.torch import load_file, save_file
from transformers import (
    GenerationConfig,
    GPT2Config,
    GPT2LMHeadModel,
    Lfm2Config,
    Lfm2ForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from flowbuilder.training.recipes import pausing, processes
from flowbuilder.training.recipes.checkpoints import (
    checkpoints,
    hash_folder,
    hashes_hold,
    put_in_place,
    whole_checkpoint,
)
from flowbuilder.training.recipes.plateau import Plateau
from flowbuilder.training.recipes.reading import (
    Corpus,
    Delivery,
    Row,
    Weights,
    Written,
    digit_ids,
    read_jsonl,
)
from flowbuilder.training.recipes.reporting import emit, metrics
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.shown import Shown
from flowbuilder.training.recipes.trainer import memory_used
from flowbuilder.training.recipes.vocabulary import SPECIALS, train_tokenizer
from flowbuilder.training.sizes import SIZES, Architecture, pattern
from nodes.types import Demonstration


class PretrainConfig(BaseModel):
    """Everything a run depends on. Two runs of one config with ``steps`` give the same weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    out_dir: Path
    """Where the finished model version is written; its parent must be writable."""
    work_dir: Path
    """Where checkpoints live while the run lasts; a run found there is resumed."""
    data: str = "delivery"
    """``delivery`` for the built-in corpus, else the path of a JSON Lines file of prompt, completion. Unread where
    one of the next two is given."""
    texts: list[str] = Field(default_factory=list)
    """Documents, learned as running text."""
    examples: list[Demonstration] = Field(default_factory=list)
    """Conversations, learned by the chat template."""
    held_out: float = Field(0.05, ge=0, le=0.5)
    """Share of the documents and conversations kept aside to measure the perplexity."""
    seed: int = 1
    """Seeds the weights and the data."""

    architecture: Architecture = "lfm2"
    size: str = "custom"
    """One of ``sizes.SIZES``, which says the next four; ``custom`` leaves them as they are."""
    layers: str = Field("ccacaca", pattern="^[ca]+$")
    """One letter a layer: ``c`` short convolution, ``a`` attention. GPT-2 takes only its length."""
    hidden_size: int = Field(192, gt=0)
    intermediate_size: int = Field(384, gt=0)
    """Width of the feed-forward layers."""
    heads: int = Field(4, gt=0)
    """Attention heads; must divide ``hidden_size``."""
    vocab_size: int = Field(1536, ge=300)
    """Size of the byte-level BPE vocabulary, learned from ``tokenizer_examples``; 256 are the bytes."""
    tokenizer_examples: int = Field(20_000, gt=0)
    max_length: int = Field(768, gt=0)
    """Positions of the model; longer examples are left out."""

    minutes: float | None = Field(None, gt=0)
    """Wall-clock budget, summed over resumed parts."""
    steps: int | None = Field(None, gt=0)
    """Step budget. With both, whichever ends first."""
    batch_tokens: int = Field(3072, gt=0)
    """Tokens of one step, padding included."""
    learning_rate: float = Field(2e-3, gt=0)
    warmup_steps: int = Field(150, ge=0)
    decay_fraction: float = Field(0.35, ge=0, le=1)
    """The last part of the budget, in which the rate falls linearly to zero."""
    weight_decay: float = Field(0.05, ge=0)
    """On matrices only."""
    clip: float = Field(1.0, gt=0)
    """Largest norm of the gradient."""
    prompt_loss: float = Field(0.03, ge=0, le=1)
    """Weight of the prompt's tokens in the loss; the completion's weigh 1."""
    mock_digit_loss: float = Field(0.2, ge=0, le=1)
    """Weight of the digits of mock values: mostly chance, so at full weight mostly noise in the gradient."""
    copying: bool = True
    """Whether it also practises on random segments that repeat; see ``copy_batch``."""
    copy_steps: int = Field(1000, ge=0)
    """Up to this step every other batch is such practice."""
    copy_every: int = Field(6, ge=2)
    """After ``copy_steps``, every so many batches are."""

    samples_every: int = Field(0, ge=0)
    """Steps between two looks at what the model writes, and at the held-out loss; 0 looks at the end alone."""
    patience: int = Field(0, ge=0)
    """Steps without a gain of the held-out loss (of the loss, where nothing is held out) after which it ends; 0 is never."""
    min_gain: float = Field(0.0, ge=0)
    """What counts as a gain of that figure."""
    threads: int = Field(2, gt=0)
    log_every: int = Field(20, gt=0)
    """Steps between two lines of metrics."""
    checkpoint_minutes: float = Field(2.0, gt=0)
    save_every: int | None = Field(None, gt=0)
    """Also checkpoint every so many steps."""
    keep_checkpoints: int = Field(2, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _sized(cls, data: Any) -> Any:
        """A named size, or a number of layers, as the fields that it stands for."""
        if not isinstance(data, dict):
            return data
        if data.get("size", "custom") != "custom":
            if data["size"] not in SIZES:
                raise ValueError(f"there is no size '{data['size']}'; there is {', '.join(SIZES)}, custom")
            data = {**data, **SIZES[data["size"]]._asdict()}
        if isinstance(data.get("layers"), int):
            data = {**data, "layers": pattern(data["layers"])}
        return data

    @model_validator(mode="after")
    def _divisible(self) -> "PretrainConfig":
        if self.hidden_size % self.heads:
            raise ValueError(f"'hidden_size' {self.hidden_size} is no multiple of 'heads' {self.heads}")
        return self

    def corpus(self) -> Corpus:
        if self.texts or self.examples:
            return Written(self.texts, self.examples, held_out=self.held_out, seed=self.seed)
        if self.data == "delivery":
            return Delivery(self.seed, self.tokenizer_examples, POOL)
        return Written([], read_jsonl(Path(self.data)), held_out=self.held_out, seed=self.seed)


def build_model(config: PretrainConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    """A model with random weights; embeddings are tied to the output layer."""
    model = _random_model(config, tokenizer)
    model.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        max_new_tokens=256,
        do_sample=False,
    )
    return model


def _random_model(config: PretrainConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    shared = {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "tie_word_embeddings": True,
    }
    if config.architecture == "gpt2":
        return GPT2LMHeadModel(
            GPT2Config(
                n_positions=config.max_length,
                n_embd=config.hidden_size,
                n_layer=len(config.layers),
                n_head=config.heads,
                n_inner=config.intermediate_size,
                resid_pdrop=0.0,
                embd_pdrop=0.0,
                attn_pdrop=0.0,
                **shared,
            )
        )
    return Lfm2ForCausalLM(
        Lfm2Config(
            hidden_size=config.hidden_size,
            intermediate_size=config.intermediate_size,
            block_auto_adjust_ff_dim=False,
            num_hidden_layers=len(config.layers),
            layer_types=["full_attention" if letter == "a" else "conv" for letter in config.layers],
            num_attention_heads=config.heads,
            num_key_value_heads=config.heads,
            max_position_embeddings=config.max_length,
            # Contexts of a few hundred tokens: the default base of 1e6 leaves most rotary pairs unused.
            rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
            **shared,
        )
    )


POOL = 512
"""Examples drawn at once, so that a batch can hold examples of similar length."""


def batches(
    config: PretrainConfig, corpus: Corpus, pool: int, pad: int
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """The batches of one pool: token ids and loss weights, both [examples, length], padded on the right."""
    rows = sorted(corpus.pool(pool, POOL), key=lambda row: len(row.tokens))
    if not rows:
        raise ValueError(
            f"No example fits the {config.max_length} tokens that the model is to read; raise 'max_length'."
        )
    grouped = grouped_by_length(rows, config.batch_tokens)
    random.Random(f"order:{config.seed}:{pool}").shuffle(grouped)  # noqa: S311 - a shuffle, no secret
    return [_tensors(group, pad) for group in grouped]


def grouped_by_length(rows: list[Row], batch_tokens: int) -> list[list[Row]]:
    """Neighbours of rows in the order of their lengths, as many as have so many tokens with their padding."""
    grouped: list[list[Row]] = [[]]
    for row in rows:
        if grouped[-1] and (len(grouped[-1]) + 1) * len(row.tokens) > batch_tokens:
            grouped.append([])
        grouped[-1].append(row)
    return grouped


def _tensors(group: list[Row], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(len(tokens) for tokens, _ in group)
    ids = torch.full((len(group), width), pad)
    weights = torch.zeros(len(group), width)
    for row, (tokens, marks) in enumerate(group):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        weights[row, : len(tokens)] = torch.tensor(marks)
    return ids, weights


def copy_batch(
    config: PretrainConfig, tokenizer: PreTrainedTokenizerFast, step: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Random tokens in segments that come back in another order: ids and weights as of ``batches``.

    To follow a segment that was seen before is the skill of an induction head (Olsson et al. 2022), on
    which copying of names rests. Here every repeated token asks for it, so it forms early; on the corpus
    alone most of a small budget passes before it does. In every other row the segments end in digits:
    few tokens that occur everywhere, so what stands before them has to be matched at greater length.
    """
    rng = random.Random(f"copy:{config.seed}:{step}")  # noqa: S311 - a corpus, no secret
    digits = digit_ids(tokenizer)
    length = min(128, config.max_length)
    rows, marks = [], []
    for number in range(max(1, config.batch_tokens // length)):
        segments = []
        for _ in range(rng.randint(4, 10)):
            segment = [rng.randrange(len(SPECIALS), len(tokenizer)) for _ in range(rng.randint(2, 6))]
            if number % 2:
                segment += rng.choices(digits, k=rng.randint(1, 6))
            segments.append(segment)
        row: list[int] = []
        mark: list[float] = []
        seen = 0.0
        while len(row) < length:
            rng.shuffle(segments)
            for segment in segments:
                row += segment
                # A segment's first token is chance; only what follows it can be known.
                mark += [0.0] + [seen] * (len(segment) - 1)
            seen = 1.0
        rows.append(row[:length])
        marks.append(mark[:length])
    return torch.tensor(rows), torch.tensor(marks)


def weighted_loss(model: PreTrainedModel, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy in nats, weighted per token. Right padding needs no mask in a causal model."""
    logits = model(input_ids=ids, use_cache=False).logits[:, :-1]
    losses = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    weight = weights[:, 1:].flatten()
    return (losses * weight).sum() / weight.sum()


def make_optimizer(config: PretrainConfig, model: PreTrainedModel) -> torch.optim.AdamW:
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    rest = [p for p in model.parameters() if p.dim() < 2]
    return torch.optim.AdamW(
        [{"params": matrices, "weight_decay": config.weight_decay}, {"params": rest, "weight_decay": 0.0}],
        lr=config.learning_rate,
        betas=(0.9, 0.98),
        fused=True,
    )


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
        ids, weights = _tensors(group, pad)
        asked = (weights == 1.0).float()
        learned = asked[:, 1:].sum().item()
        total += weighted_loss(model, ids.to(model.device), asked.to(model.device)).item() * learned
        count += learned
    model.train()
    return total / count


class Position(BaseModel):
    """Where a run stands: enough, with weights and optimizer, to go on as if never stopped."""

    step: int = 0
    pool: int = 0
    batch: int = 0
    """Batches of the pool already used."""
    tokens: int = 0
    seconds: float = 0.0
    losses: list[float] = Field(default_factory=list)
    """Of the steps since the last line of metrics; and those of copying apart."""
    copy_losses: list[float] = Field(default_factory=list)


class Log:
    """The figures so far, and whether they get no better."""

    def __init__(self, config: PretrainConfig, *, held_out: bool) -> None:
        self.rows: list[tuple[int, dict[str, float]]] = []
        self.watched = "held_out_loss" if held_out else "loss"
        window = 1 if held_out else None
        self.plateau = Plateau(config.patience, config.min_gain, rising=False, window=window)
        self.still = False

    def add(self, step: int, values: dict[str, float]) -> None:
        self.rows.append((step, values))
        if self.watched in values:
            self.still = self.plateau.seen(step, values[self.watched])


def save_checkpoint(
    config: PretrainConfig, model: PreTrainedModel, optimizer: torch.optim.Optimizer, at: Position, log: Log
) -> None:
    """Write to a temporary folder, hash list last, then rename; older checkpoints beyond the limit go."""
    temporary = config.work_dir / ".writing"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    # Tied weights share memory, which safetensors refuses: the parameters name each tensor once.
    save_file(
        {n: p.detach().contiguous() for n, p in model.named_parameters()}, temporary / "model.safetensors"
    )
    state = {
        "optimizer": optimizer.state_dict(),
        "rng": torch.get_rng_state(),
        "cuda_rng": torch.cuda.get_rng_state_all(),
    }
    torch.save(state, temporary / "optimizer.pt")
    (temporary / "position.json").write_text(at.model_dump_json())
    (temporary / "history.json").write_text(json.dumps(log.rows))
    put_in_place(temporary, config.work_dir / f"checkpoint-{at.step}")
    for old in checkpoints(config.work_dir)[: -config.keep_checkpoints]:
        shutil.rmtree(old)


def load_checkpoint(
    config: PretrainConfig, model: PreTrainedModel, optimizer: torch.optim.Optimizer, log: Log
) -> Position:
    """Load the newest checkpoint whose hashes hold; a fresh ``Position`` when there is none."""
    found = whole_checkpoint(config.work_dir)
    if found is None:
        return Position()
    folder = Path(found)
    missing, unexpected = model.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"{folder} holds another architecture; give this run a work_dir of its own")
    state = torch.load(folder / "optimizer.pt", weights_only=True)
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    torch.cuda.set_rng_state_all(state["cuda_rng"])
    for step, values in json.loads((folder / "history.json").read_text()):
        log.add(step, values)
    return Position.model_validate_json((folder / "position.json").read_text())


def save_version(
    out_dir: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, metrics: dict[str, Any]
) -> None:
    """Write a model version that transformers loads: weights, config, tokenizer, metrics, hashes."""
    temporary = out_dir.with_name(f".{out_dir.name}-writing")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    model.save_pretrained(temporary)
    # In one file with the rest of the settings, where every reader of tokenizer_config.json finds it.
    tokenizer.save_pretrained(temporary, save_jinja_files=False)
    (temporary / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    hash_folder(temporary)
    shutil.rmtree(out_dir, ignore_errors=True)
    temporary.rename(out_dir)


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
