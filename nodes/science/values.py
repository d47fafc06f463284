"""What a look into a model shows."""

from __future__ import annotations

from typing import Literal

from nodes.types import Value


class Token(Value):
    id: int
    piece: str
    """As it stands in the vocabulary."""
    text: str
    bytes: str
    """Hexadecimal."""


class Tokens(Value):
    """A text as a model reads it."""

    model: str
    tokens: tuple[Token, ...]

    def __str__(self) -> str:
        return "\n".join(f"{token.id}\t{token.piece}\t{token.bytes}" for token in self.tokens)


class Expected(Token):
    """A token that may come next."""

    probability: float


class Expectation(Value):
    """What a model expects next, likeliest first."""

    model: str
    tokens: tuple[Token, ...]
    """What it has read."""
    written: tuple[Token, ...] = ()
    """Of an encoder-decoder: what it has written."""
    next: tuple[Expected, ...]
    entropy: float
    """In bits: how unsure the model is."""

    def __str__(self) -> str:
        return "\n".join(f"{token.probability:.1%}\t{token.text}" for token in self.next)


class Expectations(Value):
    """Step by step: what was expected, and which token was taken."""

    steps: tuple[Expectation, ...]
    taken: tuple[Token, ...] = ()

    def __str__(self) -> str:
        return "\n\n".join(str(step) for step in self.steps)


class LayerWeights(Value):
    layer: int
    weights: str
    """Base64 of one byte a weight (255 is 1): head by head, row by row."""


class AttentionMap(Value):
    """Who attends to whom: a row for each token that asks, a column for each that is looked at."""

    name: Literal["decoder", "encoder", "cross"]
    heads: int
    rows: int
    columns: int
    layers: tuple[LayerWeights, ...]


class Attention(Value):
    """Attention of each head and layer to a text."""

    model: str
    tokens: tuple[Token, ...]
    written: tuple[Token, ...] = ()
    """Of an encoder-decoder: what it has written; 'cross' looks from these to ``tokens``."""
    maps: tuple[AttentionMap, ...]

    def __str__(self) -> str:
        sizes = [
            f"{each.name}: {len(each.layers)} layers of {each.heads} heads, {each.rows} x {each.columns}"
            for each in self.maps
        ]
        return "\n".join([self.model, *sizes])
