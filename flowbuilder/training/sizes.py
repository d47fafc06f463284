"""Sizes of new models, and how many weights they have. No torch here: forms and estimates ask too."""

from __future__ import annotations

from typing import Literal, NamedTuple

Architecture = Literal["lfm2", "gpt2"]


class Size(NamedTuple):
    layers: int
    hidden_size: int
    intermediate_size: int
    heads: int


SIZES = {
    "tiny": Size(3, 64, 128, 2),
    "small": Size(7, 192, 384, 4),
    "medium": Size(10, 384, 1024, 6),
    "large": Size(12, 768, 2048, 12),
}
"""Small is the shipped model's, which two processor cores teach in an hour; large is GPT-2's, which needs a GPU."""


def pattern(layers: int) -> str:
    """One letter a layer, short convolutions (``c``) and attention (``a``) in turn: first the one, last the other."""
    return "c" + ("ca" * layers)[1 - layers :]


def parameters(size: Size, architecture: Architecture, vocab_size: int, max_length: int) -> int:
    """Weights, but for the few of norms and biases."""
    matrices = 2 if architecture == "gpt2" else 3
    layer = 4 * size.hidden_size**2 + matrices * size.hidden_size * size.intermediate_size
    embedded = vocab_size + (max_length if architecture == "gpt2" else 0)
    return size.layers * layer + embedded * size.hidden_size
