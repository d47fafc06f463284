"""How much memory a training needs, told before it starts, from the headers of its models' files (no torch here).

What each part weighs: Rajbhandari et al. 2020, "ZeRO", section 3.1 (weights, gradients, Adam's two moments; here
all in full precision) and Korthikanti et al. 2022, "Reducing Activation Recomputation in Large Transformer
Models", sections 4.1 and 5 (what the forward pass keeps for the backward one).
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from safetensors import safe_open

from flowbuilder.training.gpus import gpus
from flowbuilder.training.layers import KNOWN
from flowbuilder.training.sizes import SIZES, Size, parameters

FLOAT = 4
"""Bytes of a number: recipes train in full precision."""
PROCESS = 2**30
"""What the process takes beside: its libraries, and what the allocator holds back. Measured with the starter model,
torch 2.13 and TRL 1.16: 1.2 GB at the peak for SFT, 1.6 for DPO, where the estimates are 1.2 and 1.4."""
ROOM = 0.9
"""The share of a machine's memory that a training may plan with."""
RL = {"grpo", "rloo", "ppo"}
WITH_REFERENCE = {"dpo", "kto", *RL}
LETTERS_PER_TOKEN = 3


class Estimate(BaseModel):
    """Bytes, by what they are for."""

    parameters: int
    trained: int
    """Of the parameters, those that change; with LoRA its own."""
    weights: int
    gradients: int
    optimizer: int
    reference: int = 0
    """The frozen copy that KL and DPO compare with; with LoRA it is the model without its adapters."""
    critic: int = 0
    """PPO's, with its gradients and optimizer."""
    reward_model: int = 0
    activations: int = 0
    process: int = PROCESS

    @property
    def needed(self) -> int:
        counted = self.model_dump(exclude={"parameters", "trained"})
        return sum(counted.values())

    def refused_by(self, there: int) -> str:
        """Why it cannot be trained with so much memory; empty when it can."""
        if self.needed <= there:
            return ""
        return f"This training needs about {self}, and this machine has {size(there)} for it."

    def __str__(self) -> str:
        parts = self.model_dump(exclude={"parameters", "trained", "process"})
        told = ", ".join(f"{name.replace('_', ' ')} {size(value)}" for name, value in parts.items() if value)
        return f"{size(self.needed)} ({told})"


def estimate(
    recipe: str, settings: dict[str, Any], data: dict[str, Any], base: Path, reward_model: Path | None = None
) -> Estimate:
    """For a job as it was ordered. ``settings`` holds every value that matters, defaults too."""
    if recipe == "evaluate":
        return reading(base, reward_model)
    shapes = dict(weight_shapes(base))
    weights = sum(count(shape) for shape in shapes.values())
    rank = settings.get("lora_rank", 0)
    trained = adapters(shapes, rank) if rank else weights
    own = weights + (trained if rank else 0)
    reference = recipe in WITH_REFERENCE and not rank
    return Estimate(
        parameters=weights,
        trained=trained,
        weights=own * FLOAT,
        gradients=trained * FLOAT,
        optimizer=2 * trained * FLOAT,
        reference=weights * FLOAT if reference else 0,
        critic=(own + 3 * trained) * FLOAT if recipe == "ppo" else 0,
        reward_model=sum(count(shape) for _, shape in weight_shapes(reward_model)) * FLOAT
        if reward_model
        else 0,
        activations=activations(recipe, settings, data, base),
    )


def reading(*folders: Path | None) -> Estimate:
    """For answering and scoring alone, where one model is in memory at a time: the largest one."""
    sizes = [sum(count(shape) for _, shape in weight_shapes(folder)) for folder in folders if folder]
    largest = max(sizes)
    return Estimate(parameters=largest, trained=0, weights=largest * FLOAT, gradients=0, optimizer=0)


def estimate_new(settings: dict[str, Any]) -> Estimate:
    """For a model that is trained from nothing; ``settings`` are those of the node, defaults too."""
    given = Size(*(settings[name] for name in Size._fields))
    shape = SIZES.get(settings["size"], given)
    weights = parameters(shape, settings["architecture"], settings["vocab_size"], settings["max_length"])
    tokens = max(settings["batch_tokens"], settings["max_length"])
    in_layers = tokens * shape.layers * 34 * shape.hidden_size * FLOAT // 2
    logits = tokens * settings["vocab_size"] * 4 * FLOAT
    return Estimate(
        parameters=weights,
        trained=weights,
        weights=weights * FLOAT,
        gradients=weights * FLOAT,
        optimizer=2 * weights * FLOAT,
        activations=in_layers + logits,
    )


def weight_shapes(folder: Path) -> Iterator[tuple[str, list[int]]]:
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="numpy") as file:
            for name in file.keys():
                yield name, file.get_slice(name).get_shape()


def count(shape: list[int]) -> int:
    return functools.reduce(lambda product, length: product * length, shape, 1)


def adapters(shapes: dict[str, list[int]], rank: int) -> int:
    """Parameters of LoRA: beside a matrix one of its width and one of its height, both ``rank`` thin."""
    matrices = [shape for name, shape in shapes.items() if len(shape) == 2 and name.split(".")[-2] in KNOWN]
    return sum(rank * (height + width) for height, width in matrices)


def activations(recipe: str, settings: dict[str, Any], data: dict[str, Any], base: Path) -> int:
    """Of one pass over what a step learns from at once.

    The paper counts 34 bytes a token and layer and unit of width in half precision, and what attention keeps for
    pairs of tokens on top, which today's kernels compute anew.
    """
    config = json.loads((base / "config.json").read_text())
    width = number(config, "hidden_size", "n_embd")
    layers = number(config, "num_hidden_layers", "n_layer")
    length = min(
        longest(recipe, settings, data), number(config, "max_position_embeddings", "n_positions") or 2**31
    )
    texts = texts_at_once(recipe, settings)
    in_layers = texts * length * layers * 34 * width * FLOAT // 2
    # Of these the logits themselves, their log-probabilities and the gradients of both.
    words = 0 if recipe == "classifier" else number(config, "vocab_size")
    logits = texts * length * words * 4 * FLOAT
    return in_layers + logits


def number(config: dict[str, Any], *names: str) -> int:
    return next((int(config[name]) for name in names if config.get(name)), 0)


def longest(recipe: str, settings: dict[str, Any], data: dict[str, Any]) -> int:
    """Tokens of the longest text that is learned from."""
    if recipe in RL:
        asked = max(len(line["prompt"]) for line in data["prompts"])
        return asked // LETTERS_PER_TOKEN + int(settings.get("max_new_tokens", 128))
    rows = next(data[name] for name in ("examples", "pairs", "labelled") if name in data)
    return max(letters(row) for row in rows) // LETTERS_PER_TOKEN + 8  # the template's tokens


def letters(row: dict[str, Any]) -> int:
    if "text" in row:
        return len(row["text"])
    if "messages" in row:
        return sum(len(message["content"]) for message in row["messages"])
    answers = [len(row[name]) for name in ("completion", "chosen", "rejected") if name in row]
    return len(row["prompt"]) + max(answers)


def texts_at_once(recipe: str, settings: dict[str, Any]) -> int:
    if recipe in RL:
        texts = int(settings.get("prompts_per_step", 8)) * int(settings.get("answers_per_prompt", 8))
        return -(-texts // (settings.get("minibatches") or 2)) if recipe == "ppo" else texts
    batch = int(settings.get("batch_size", 8))
    return batch if recipe in {"sft", "classifier"} else 2 * batch


def room() -> int:
    return int(machine() * ROOM)


def main_memory() -> int:
    """Bytes of this machine, or what this process's group may have of them."""
    return min(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), group_limit())


def machine() -> int:
    """Bytes that a training can have here: the largest GPU's where torch can use one, else main memory, or what
    this process's group may have of it."""
    return gpu_memory() or main_memory()


def group_limit() -> int:
    found = Path("/sys/fs/cgroup/memory.max")
    text = found.read_text().strip() if found.is_file() else "max"
    return int(text) if text.isdigit() else 2**63


@functools.cache
def gpu_memory() -> int:
    """0 without a GPU that torch can use."""
    return max((gpu.memory for gpu in gpus()), default=0)


def refusal(
    recipe: str,
    settings: dict[str, Any],
    data: dict[str, Any],
    base: Path,
    reward_model: Path | None = None,
    there: int | None = None,
) -> str:
    """Why it cannot be trained with so much memory, or this machine's, and what could be; empty when it can."""

    def needed(**changed: Any) -> Estimate:
        return estimate(recipe, {**settings, **changed}, data, base, reward_model)

    there = room() if there is None else there
    why = needed().refused_by(there)
    if not why:
        return ""
    ways = {
        f"'{name}' {value}": {name: value}
        for name, values in smaller(recipe, settings).items()
        for value in values
    }
    ways |= {
        f"{lora} with {other}": {**ways[lora], **ways[other]}
        for lora in list(ways)
        if "lora" in lora
        for other in list(ways)
        if "lora" not in other
    }
    fitting = next((way for way, changed in ways.items() if needed(**changed).needed <= there), None)
    would = f"It would fit with {fitting}." if fitting else "Choose a smaller model or a larger machine."
    return f"{why} {would}"


def smaller(recipe: str, settings: dict[str, Any]) -> dict[str, list[int]]:
    """Settings that need less, the mildest first."""
    batch = "prompts_per_step" if recipe in RL else "batch_size"
    halves = [int(settings.get(batch, 8)) >> shift for shift in (1, 2, 3)]
    found = {batch: [half for half in halves if half >= 1]}
    if not settings.get("lora_rank"):
        found["lora_rank"] = [16]
    return found


def size(count: float) -> str:
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"
