"""Which prompts a job practises on, and in which order: a fixed function of its seed."""

from __future__ import annotations

import random
from collections.abc import Sequence

from nodes.types import PromptLine


def drawn_prompts(prompts: Sequence[PromptLine], count: int, seed: int) -> list[PromptLine]:
    """``count`` prompts: all of them in a shuffled order, then all again in another."""
    rng = random.Random(seed)  # noqa: S311 - a shuffle, no secret
    drawn: list[PromptLine] = []
    while len(drawn) < count:
        drawn += rng.sample(list(prompts), len(prompts))
    return drawn[:count]
