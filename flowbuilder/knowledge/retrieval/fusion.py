"""What several indexes said of the same passages as one.

A weighted mean of how well each fits (Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval",
section 4), each index's figures on a scale that does not hang on what else was found. Reciprocal ranks lose how sure an
index is: what stands tenth in two rankings went before what one of them is certain of, and questions that share only
common words with the right passage lost it so. ``python -m benchmarks.retrieval`` has both beside each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """What one index said: passage id -> how well it fits, in 0..1."""

    weight: float
    scores: Mapping[int, float] = field(default_factory=dict)
    otherwise: float = 0.0
    """Of passages that it did not name: no better than the last that it did."""


def by_meaning(near: Sequence[tuple[int, float]], ordinary: float, weight: float) -> Said:
    """Cosines, from ``ordinary`` (what any two texts have in common to the embedder) up to the same text."""
    scores = {passage_id: max(0.0, (cosine - ordinary) / (1 - ordinary)) for passage_id, cosine in near}
    return Said(weight, scores, min(scores.values(), default=0.0))


def by_words(found: Sequence[tuple[int, float]], most: float, weight: float) -> Said:
    """BM25 as a share of ``most``, what a passage would have that says all words of the question often."""
    most = max([most, *(score for _, score in found)])
    return Said(weight, {passage_id: score / most for passage_id, score in found} if most else {})


def fuse(said: Sequence[Said]) -> dict[int, float]:
    """Passage id -> how well it fits, in 0..1, best first. An index that found nothing has no say."""
    said = [one for one in said if one.scores]
    whole = sum(one.weight for one in said)
    total = {
        passage_id: sum(one.weight * one.scores.get(passage_id, one.otherwise) for one in said) / whole
        for passage_id in dict.fromkeys(passage_id for one in said for passage_id in one.scores)
    }
    # Rounded: the order in which they were asked must not decide between equals.
    return best_first({passage_id: round(score, 9) for passage_id, score in total.items()})


def best_first(scores: Mapping[int, float]) -> dict[int, float]:
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
