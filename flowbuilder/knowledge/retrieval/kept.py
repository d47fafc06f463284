"""Whether people have answered this question before, in these words or others.

Two questions mean the same where they are about the same thing and near each other: "What does a depot record need?" is as
near to "What does a parcel record need?" as a paraphrase is, and another question. What a question is about is the heading of
the base that it shares most with. Thresholds are calibrated by ``python -m benchmarks.kept_answers``, which tells precision
and recall.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flowbuilder.knowledge.models import Passage
from flowbuilder.knowledge.retrieval.rarity import Rarity, plain
from flowbuilder.knowledge.words import words

NEAR_BY_MEANING = 0.78
"""Cosine at which it is as likely as not that both mean the same."""
NEAR_BY_WORDS = 0.65
"""The same of the weighted cosine of their words, where the embedder cannot read them."""
ALIKE = 0.85
"""And where it can: then so many shared words are enough, whatever it makes of them."""
STEEP = 40.0
IDENTIFIER = re.compile(r"\d|[a-z0-9]-[a-z0-9]")


@dataclass(frozen=True)
class Question:
    """A question as it is compared: its words with what each tells, and what it is about."""

    text: str
    weights: dict[str, float]
    about: frozenset[str]
    """The nearest heading; where none is near, the words that name something."""
    identifiers: frozenset[str]

    @classmethod
    def of(cls, text: str, rarity: Rarity) -> Question:
        found = frozenset(plain(word) for word in words(text))
        return cls(
            " ".join(text.split()).casefold(),
            {word: rarity.weight(word) for word in found},
            rarity.subject(found) or frozenset(word for word in found if rarity.names(word)),
            frozenset(word for word in found if IDENTIFIER.search(word)),
        )


@dataclass(frozen=True)
class Likely:
    passage: Passage
    score: float
    """How sure it is that it answers this question, in 0..1."""


def likeliest(
    question: str, known: Iterable[Passage], rarity: Rarity, cosines: dict[int, float] | None
) -> Likely | None:
    """The one of ``known`` that most likely answers the question.

    ``cosines``: passage id -> cosine of both questions; None where the embedder cannot read this one, and one that
    is missing where it cannot read the other.
    """
    asked = Question.of(question, rarity)
    rated = [
        Likely(
            passage,
            sureness(asked, Question.of(passage.question, rarity), (cosines or {}).get(passage.pk)),
        )
        for passage in known
    ]
    return max(rated, key=lambda one: one.score, default=None)


def sureness(asked: Question, kept: Question, cosine: float | None) -> float:
    """How likely both questions mean the same, in 0..1."""
    if asked.text == kept.text:
        return 1.0
    if asked.about != kept.about or asked.identifiers != kept.identifiers:
        return 0.0
    shared = weighted_cosine(asked.weights, kept.weights)
    if cosine is None:
        return logistic(STEEP * (shared - NEAR_BY_WORDS))
    return logistic(STEEP * max(cosine - NEAR_BY_MEANING, shared - ALIKE))


def weighted_cosine(ours: dict[str, float], theirs: dict[str, float]) -> float:
    lengths = math.sqrt(_squared(ours, ours) * _squared(theirs, theirs))
    return _squared(ours, theirs) / lengths if lengths else 0.0


def _squared(ours: dict[str, float], theirs: dict[str, float]) -> float:
    return sum(weight**2 for word, weight in ours.items() if word in theirs)


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
