"""Simulated raters: they know what they like (``taste``) and press the wrong button now and then."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.loop.taste import worth
from flowbuilder.training.corpus.delivery import Example

LIKED = 0.75
"""What an answer must be worth for a thumb up."""


@dataclass(frozen=True)
class Raters:
    """``noise`` is the share of ratings that say the opposite; at 0.5 they say nothing at all."""

    noise: float
    seed: int

    def pairs(self, asked: Sequence[Example], answers: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        """Which of two answers is better. Of equally good ones they say "no difference": that is no pair.

        ``mistaken`` is for the measurement; no recipe sees it.
        """
        rng = random.Random(f"pairs:{self.seed}")
        rated = []
        for example, (first, second) in zip(asked, answers, strict=True):
            worths = worth(example, first), worth(example, second)
            mistaken = rng.random() < self.noise
            if worths[0] == worths[1]:
                continue
            chosen, rejected = (first, second) if (worths[0] > worths[1]) != mistaken else (second, first)
            rated.append(
                {"prompt": example.prompt, "chosen": chosen, "rejected": rejected, "mistaken": mistaken}
            )
        return rated

    def liked(self, asked: Sequence[Example], answers: Sequence[str]) -> list[dict[str, str]]:
        """The answers with a thumb up, as demonstrations."""
        rng = random.Random(f"thumbs:{self.seed}")
        return [
            {"prompt": example.prompt, "completion": answer}
            for example, answer in zip(asked, answers, strict=True)
            if (worth(example, answer) >= LIKED) != (rng.random() < self.noise)
        ]
