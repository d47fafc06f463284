"""A model and its tokenizer from a folder, as every recipe wants them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, PreTrainedModel

from flowbuilder.modelhub.runtime.adapter import with_adapter


def load(kind: Any, folder: Path, **config: Any) -> PreTrainedModel:
    """``kind`` is one of transformers' Auto classes. Full precision: rounding would eat small steps."""
    model = kind.from_pretrained(
        folder, use_safetensors=True, trust_remote_code=False, dtype=torch.float32, **config
    ).eval()
    model = with_adapter(model, Path(folder))
    for weights in model.parameters():
        # They are the file's own pages in memory: a file written over in place would undo all training.
        weights.data = weights.data.clone()
    return model


def here(model: Any) -> Any:
    """On the device that this machine computes with."""
    return model.to("cuda" if torch.cuda.is_available() else "cpu")


def load_tokenizer(folder: Path, **config: Any) -> Any:
    tokenizer = AutoTokenizer.from_pretrained(folder, **config)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer
