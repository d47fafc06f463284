"""Train a small language model from random weights: the recipe of the starter model.

    python -m flowbuilder.training.recipes.pretrain config.json

Config in, model version folder out, one JSON line of metrics per log step on stdout. Reads top to
bottom: settings, tokenizer, model, data, schedule, checkpoints, the loop. Prompt and completion are
rendered by the chat template of the tokenizer made here, so a model version answers the same prompts
whatever runs it. The schedule is warm-up, stable, decay (Hu et al. 2024, "MiniCPM"), because a time
budget then decides only when the decay starts; the hybrid is LFM2 as transformers builds it from its
config (Liquid AI 2025), the plain one GPT-2 (Radford et al. 2019).
"""

import json
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from pydantic import BaseModel, ConfigDict, Field
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    GPT2Config,
    GPT2LMHeadModel,
    Lfm2Config,
    Lfm2ForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from flowbuilder.training.corpus import delivery
from flowbuilder.training.recipes.checkpoints import hash_folder, hashes_hold
from flowbuilder.training.recipes.reporting import emit

PAD, END, SYSTEM, USER, ASSISTANT = SPECIALS = (
    "<|pad|>",
    "<|end|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
)

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + (message['content'] | trim) }}"
    "{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


class PretrainConfig(BaseModel):
    """Everything a run depends on. Two runs of one config with ``max_steps`` give the same weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    out_dir: Path
    """Where the finished model version is written; its parent must be writable."""
    work_dir: Path
    """Where checkpoints live while the run lasts; a run found there is resumed."""
    data: str = "delivery"
    """``delivery`` for the built-in corpus, else the path of a JSON Lines file of prompt, completion."""
    seed: int = 1
    """Seeds the weights and the data."""

    architecture: Literal["lfm2", "gpt2"] = "lfm2"
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
    max_steps: int | None = Field(None, gt=0)
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
    copy_steps: int = Field(1000, ge=0)
    """Up to this step every other batch is random segments that repeat; see ``copy_batch``."""
    copy_every: int = Field(6, ge=2)
    """After ``copy_steps``, every so many batches are."""

    threads: int = Field(2, gt=0)
    log_every: int = Field(20, gt=0)
    """Steps between two lines of metrics."""
    checkpoint_minutes: float = Field(2.0, gt=0)
    checkpoint_steps: int | None = Field(None, gt=0)
    """Also checkpoint every so many steps."""
    keep_checkpoints: int = Field(2, gt=0)


def train_tokenizer(texts: Iterator[str], vocab_size: int, max_length: int) -> PreTrainedTokenizerFast:
    """A byte-level BPE whose pieces of a word are the same wherever the word stands.

    A space never joins the word after it, and digits stand alone: ``parcel_id`` in a list and
    ``"parcel_id"`` in JSON become the same tokens, which is what makes copying learnable for a small model.
    """
    tokenizer = Tokenizer(models.BPE())
    pattern = Regex(r"[A-Z]?[a-z]+|[A-Z]+|\d|[^A-Za-z0-9]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(pattern, "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocab_size,
            special_tokens=list(SPECIALS),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=[SYSTEM, USER, ASSISTANT],
        chat_template=CHAT_TEMPLATE,
        model_max_length=max_length,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )


def build_model(config: PretrainConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    """A model with random weights; embeddings are tied to the output layer."""
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


class Pair(NamedTuple):
    messages: list[dict[str, str]]
    completion: str
    mock: bool
    """Whether the completion's digits are chance, as in a mock record, rather than known from the prompt."""


def pairs(config: PretrainConfig, pool: int) -> Iterator[Pair]:
    """The examples of one pool: a fixed function of the seed and the pool's number, so resume needs no more."""
    if config.data == "delivery":
        for _, example in zip(range(POOL), delivery.examples(f"{config.seed}:{pool}"), strict=False):
            system = [{"role": "system", "content": example.system}] if example.system else []
            messages = [*system, {"role": "user", "content": example.prompt}]
            yield Pair(messages, example.completion, example.kind != "extract")
        return
    rows = [json.loads(line) for line in Path(config.data).read_text().splitlines() if line.strip()]
    rng = random.Random(f"{config.seed}:{pool}")  # noqa: S311 - a shuffle, no secret
    for row in rng.choices(rows, k=POOL):
        yield Pair([{"role": "user", "content": row["prompt"]}], row["completion"], False)


POOL = 512
"""Examples drawn at once, so that a batch can hold examples of similar length."""


def batches(
    config: PretrainConfig, tokenizer: PreTrainedTokenizerFast, pool: int
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """The batches of one pool: token ids and loss weights, both [examples, length], padded on the right."""
    drawn = list(pairs(config, pool))
    rendered = [
        tokenizer.apply_chat_template(pair.messages, tokenize=False, add_generation_prompt=True)
        for pair in drawn
    ]
    prompts = tokenizer(rendered, add_special_tokens=False)["input_ids"]
    completions = tokenizer([pair.completion + END for pair in drawn], add_special_tokens=False)["input_ids"]
    digits = set(digit_ids(tokenizer))
    rows: list[tuple[list[int], list[float]]] = []
    for pair, prompt, completion in zip(drawn, prompts, completions, strict=True):
        if len(prompt) + len(completion) <= config.max_length:
            chance = digits if pair.mock else set()
            weights = [config.prompt_loss] * len(prompt)
            weights += [config.mock_digit_loss if token in chance else 1.0 for token in completion]
            rows.append((prompt + completion, weights))
    if not rows:
        raise ValueError(f"no example of {config.data!r} fits max_length={config.max_length}; raise it")
    rows.sort(key=lambda row: len(row[0]))

    grouped: list[list[tuple[list[int], list[float]]]] = [[]]
    for row in rows:
        if grouped[-1] and (len(grouped[-1]) + 1) * len(row[0]) > config.batch_tokens:
            grouped.append([])
        grouped[-1].append(row)
    random.Random(f"order:{config.seed}:{pool}").shuffle(grouped)  # noqa: S311 - likewise
    return [_tensors(group, int(tokenizer.pad_token_id)) for group in grouped]


def _tensors(group: list[tuple[list[int], list[float]]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(len(tokens) for tokens, _ in group)
    ids = torch.full((len(group), width), pad)
    weights = torch.zeros(len(group), width)
    for row, (tokens, marks) in enumerate(group):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        weights[row, : len(tokens)] = torch.tensor(marks)
    return ids, weights


def digit_ids(tokenizer: PreTrainedTokenizerFast) -> list[int]:
    """The ten tokens of the digits."""
    return [int(tokenizer.convert_tokens_to_ids(digit)) for digit in "0123456789"]


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
    by_step = step / config.max_steps if config.max_steps else 0.0
    by_time = seconds / 60 / config.minutes if config.minutes else 0.0
    return max(by_step, by_time)


def rate_at(config: PretrainConfig, step: int, done: float) -> float:
    """Learning rate of a step: linear warm-up, then constant, then linear to zero."""
    warm = min(1.0, (step + 1) / config.warmup_steps) if config.warmup_steps else 1.0
    decay = min(1.0, max(0.0, (1 - done) / config.decay_fraction)) if config.decay_fraction else 1.0
    return config.learning_rate * min(warm, decay)


class Position(BaseModel):
    """Where a run stands: enough, with weights and optimizer, to go on as if never stopped."""

    step: int = 0
    pool: int = 0
    batch: int = 0
    """Batches of the pool already used."""
    tokens: int = 0
    seconds: float = 0.0


def save_checkpoint(
    config: PretrainConfig, model: PreTrainedModel, optimizer: torch.optim.Optimizer, at: Position
) -> Path:
    """Write to a temporary folder, hash list last, then rename; older checkpoints beyond the limit go."""
    final = config.work_dir / f"step-{at.step:08d}"
    temporary = config.work_dir / f".writing-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    # Tied weights share memory, which safetensors refuses: the parameters name each tensor once.
    save_file(
        {n: p.detach().contiguous() for n, p in model.named_parameters()}, temporary / "model.safetensors"
    )
    torch.save(
        {"optimizer": optimizer.state_dict(), "rng": torch.get_rng_state()}, temporary / "optimizer.pt"
    )
    (temporary / "position.json").write_text(at.model_dump_json())
    hash_folder(temporary)
    shutil.rmtree(final, ignore_errors=True)
    temporary.rename(final)
    for old in sorted(config.work_dir.glob("step-*"))[: -config.keep_checkpoints]:
        shutil.rmtree(old)
    return final


def load_checkpoint(
    config: PretrainConfig, model: PreTrainedModel, optimizer: torch.optim.Optimizer
) -> Position:
    """Load the newest checkpoint whose hashes hold; a fresh ``Position`` when there is none."""
    for folder in sorted(config.work_dir.glob("step-*"), reverse=True):
        if not hashes_hold(folder):
            print(json.dumps({"event": "checkpoint_skipped", "folder": folder.name, "why": "hashes"}))
            continue
        missing, unexpected = model.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
        if unexpected or set(missing) - {"lm_head.weight"}:
            raise ValueError(f"{folder} holds another architecture; give this run a work_dir of its own")
        state = torch.load(folder / "optimizer.pt", weights_only=True)
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["rng"])
        return Position.model_validate_json((folder / "position.json").read_text())
    return Position()


def save_version(
    out_dir: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, metrics: dict[str, Any]
) -> None:
    """Write a model version that transformers loads: weights, config, tokenizer, metrics, hashes."""
    temporary = out_dir.with_name(f".{out_dir.name}-writing")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    model.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        max_new_tokens=256,
        do_sample=False,
    )
    model.save_pretrained(temporary)
    # In one file with the rest of the settings, where every reader of tokenizer_config.json finds it.
    tokenizer.save_pretrained(temporary, save_jinja_files=False)
    (temporary / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    hash_folder(temporary)
    shutil.rmtree(out_dir, ignore_errors=True)
    temporary.rename(out_dir)


def pretrain(config: PretrainConfig) -> dict[str, Any]:
    """Run or resume the training that ``config`` describes; returns the metrics of the finished version.

    Raises ``ValueError`` for a config without a budget or with data that does not fit.
    """
    if config.minutes is None and config.max_steps is None:
        raise ValueError("a budget is needed: set minutes, max_steps or both")
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)

    tokenizer = _tokenizer(config)
    model = build_model(config, tokenizer)
    model.train()
    optimizer = make_optimizer(config, model)
    at = load_checkpoint(config, model, optimizer)
    parameters = sum(p.numel() for p in model.parameters())
    emit(event="start", parameters=parameters, vocabulary=len(tokenizer), resumed_at=at.step)

    pool = batches(config, tokenizer, at.pool)
    clock = saved = time.monotonic()
    losses: list[float] = []
    copy_losses: list[float] = []
    while (done := progress(config, at.step, at.seconds)) < 1:
        if copying := at.step % (2 if at.step < config.copy_steps else config.copy_every) == 1:
            ids, weights = copy_batch(config, tokenizer, at.step)
        else:
            if at.batch == len(pool):
                at.pool, at.batch = at.pool + 1, 0
                pool = batches(config, tokenizer, at.pool)
            ids, weights = pool[at.batch]
            at.batch += 1
        for group in optimizer.param_groups:
            group["lr"] = rate_at(config, at.step, done)
        optimizer.zero_grad(set_to_none=True)
        loss = weighted_loss(model, ids, weights)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        optimizer.step()

        (copy_losses if copying else losses).append(loss.item())
        at.step, at.tokens = at.step + 1, at.tokens + ids.numel()
        now = time.monotonic()
        at.seconds, clock = at.seconds + now - clock, now
        if at.step % config.log_every == 0:
            emit(
                step=at.step,
                loss=mean(losses),
                copy_loss=mean(copy_losses),
                grad_norm=round(norm.item(), 3),
                learning_rate=optimizer.param_groups[0]["lr"],
                tokens=at.tokens,
                seconds=round(at.seconds, 1),
                tokens_per_second=round(at.tokens / at.seconds),
            )
            losses, copy_losses = [], []
        due = config.checkpoint_steps is not None and at.step % config.checkpoint_steps == 0
        if due or now - saved > config.checkpoint_minutes * 60:
            save_checkpoint(config, model, optimizer, at)
            saved = now

    save_checkpoint(config, model, optimizer, at)
    metrics = {
        "parameters": parameters,
        "steps": at.step,
        "tokens": at.tokens,
        "minutes": round(at.seconds / 60, 2),
    }
    save_version(config.out_dir, model, tokenizer, metrics)
    emit(event="end", version=str(config.out_dir), **metrics)
    return metrics


def mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _tokenizer(config: PretrainConfig) -> PreTrainedTokenizerFast:
    """The tokenizer of this run: kept beside the checkpoints, learned from the data the first time."""
    folder = config.work_dir / "tokenizer"
    if folder.is_dir():
        return PreTrainedTokenizerFast.from_pretrained(folder)
    pools = range(-(-config.tokenizer_examples // POOL))
    texts = (m["content"] + "\n" + done for pool in pools for ms, done, _ in pairs(config, pool) for m in ms)
    tokenizer = train_tokenizer(texts, config.vocab_size, config.max_length)
    tokenizer.save_pretrained(folder, save_jinja_files=False)
    return tokenizer


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m flowbuilder.training.recipes.pretrain config.json")
    pretrain(PretrainConfig.model_validate_json(Path(sys.argv[1]).read_text()))


if __name__ == "__main__":
    main()
