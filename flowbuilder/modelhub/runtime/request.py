"""What travels between the model worker's threads and its runtime process: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One caller. ``kind`` is causal, seq2seq, reward or classifier; ``messages`` are role/content pairs; ``schema``
    constrains the decoding."""

    id: str
    path: str
    kind: str
    messages: list[dict[str, str]]
    max_new_tokens: int = 256
    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 0
    repetition_penalty: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int | None = None
    room: int = 1
    """Tokens that the prompt must leave for the answer."""
    schema: dict[str, Any] | None = None
    answers: tuple[str, ...] = ()
    """For a reward model: the answers to score, each as the assistant's reply to ``messages``. For a classifier: the
    texts to classify."""
    look: dict[str, Any] | None = None
    """Instead of an answer, a look into the model: ``{"what": "tokens" | "next" | "attention", ...}``; see ``looking``."""


@dataclass(frozen=True)
class Piece:
    """Something for a caller: text, or the end (``done``) with its usage or its error."""

    id: str
    text: str = ""
    done: bool = False
    error: str = ""
    too_long: bool = False
    """The error is that the prompt is longer than the model reads: a shorter one may do."""
    usage: dict[str, int] = field(default_factory=dict)
    scores: tuple[float, ...] = ()
    """A reward model's scores of the answers; a classifier's probabilities, text by text, in the order of ``labels``."""
    labels: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    """What a look found."""
