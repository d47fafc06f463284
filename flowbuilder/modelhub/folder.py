"""What is in a model's folder, read without loading the model (and without torch)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

WANTED = ("*.safetensors", "*.json", "*.txt", "*.jinja", "*.model", "README.md", "LICENSE*")
"""All that is fetched from a hub: no pickles, no Python."""
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


class UnusableFolder(ValueError):
    """Says what is missing or refused, and what would work."""


@dataclass(frozen=True)
class Description:
    kind: str
    parameters: int
    size: int


def describe(folder: Path) -> Description:
    """The folder's kind and size. ``UnusableFolder`` says what is wrong with it."""
    refuse_adapters(path.name for path in folder.iterdir())
    config = _config(folder)
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise UnusableFolder(
            "It has no *.safetensors. Other weight formats can carry code and are refused; save it with "
            "save_pretrained(..., safe_serialization=True)."
        )
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        raise UnusableFolder("It has no tokenizer.json or tokenizer_config.json.")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Description(_kind(config), sum(_parameters(path) for path in weights), size)


def refuse_adapters(names: Iterable[str]) -> None:
    """``UnusableFolder`` where the files are adapters of a model that lies elsewhere, or beside it.

    transformers would follow an adapter_config.json to whatever place it names; and of adapters in a folder of their
    own only the weights without them would be taken over.
    """
    if any(name == "adapter_config.json" or name.startswith("adapter/") for name in names):
        raise UnusableFolder(
            "It holds adapters (LoRA) that are not merged into its weights. Merge them with peft's "
            "merge_and_unload() and save that, or train with 'merge'."
        )


def _config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / "config.json").read_text())
    except OSError as error:
        raise UnusableFolder("It has no config.json; a transformers model folder is needed.") from error
    except ValueError as error:
        raise UnusableFolder("Its config.json is not JSON.") from error
    if "auto_map" in config:
        raise UnusableFolder("It needs code of its own (auto_map), and code from a model is never run here.")
    return dict(config)


def _kind(config: dict[str, Any]) -> str:
    architecture = next(iter(config.get("architectures") or []), "")
    if architecture.endswith("ForSequenceClassification"):
        one = len(config.get("id2label", {0: "", 1: ""})) == 1 or config.get("num_labels", 2) == 1
        return "reward" if one else "classifier"
    if config.get("is_encoder_decoder"):
        return "seq2seq"
    if architecture.endswith(("ForCausalLM", "LMHeadModel")) or not architecture:
        return "causal"
    raise UnusableFolder(
        f"{architecture} neither generates text nor judges it: causal, seq2seq, reward and classifier models can be added."
    )


def _parameters(path: Path) -> int:
    try:
        with safe_open(path, framework="numpy") as file:
            shapes = [file.get_slice(name).get_shape() for name in file.keys()]
    except (SafetensorError, OSError) as error:
        raise UnusableFolder(f"{path.name} is damaged: its safetensors header cannot be read.") from error
    total = 0
    for shape in shapes:
        count = 1
        for length in shape:
            count *= length
        total += count
    return total
