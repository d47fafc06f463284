"""A version of a model, and what a classifier says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nodes.types.value import Value


class Label(Value):
    """What a classifier says of a text."""

    label: str
    """The likeliest."""
    probability: float
    probabilities: dict[str, float]
    """Of every label."""

    def __str__(self) -> str:
        return self.label


class ModelVersion(Value):
    """A model version in the hub: usable wherever a model is chosen."""

    ref: str
    """What a model setting holds, for example ``starter@2``."""
    kind: Literal["causal", "seq2seq", "reward", "classifier"] = "causal"
    metrics: dict[str, float] = Field(default_factory=dict)

    def __str__(self) -> str:
        return self.ref
