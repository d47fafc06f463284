"""Scores texts with a list of rewards: their weighted mean, with every part and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from nodes.base import Models
from nodes.reward.rewards.exact import Exact
from nodes.reward.rewards.learned import Learned, squashed
from nodes.reward.rewards.length import Length
from nodes.reward.rewards.pattern import Pattern
from nodes.reward.rewards.setting import Measured
from nodes.reward.rewards.similarity import Similarity
from nodes.reward.rewards.valid_json import ValidJson
from nodes.types import Score, ScorePart

ProgrammedReward = Annotated[ValidJson | Pattern | Length | Similarity | Exact, Field(discriminator="kind")]
Reward = Annotated[ValidJson | Pattern | Length | Similarity | Exact | Learned, Field(discriminator="kind")]
Rewards = Annotated[
    tuple[Reward, ...], Field(min_length=1, max_length=20, json_schema_extra={"x-widget": "rewards"})
]


async def score_all(
    rewards: Sequence[Reward], models: Models, texts: Sequence[str], *, prompt: str, reference: str
) -> list[Score]:
    """One score a text, in order. A reward model is asked once for all texts."""
    columns = [await _column(reward, models, texts, prompt, reference) for reward in rewards]
    return [_mean(rewards, [column[row] for column in columns]) for row in range(len(texts))]


def score_programmed(
    rewards: Sequence[ProgrammedReward], text: str, *, prompt: str = "", reference: str = ""
) -> Score:
    """The score of one text by rules alone; what a training loop calls."""
    return _mean(rewards, [reward.measure(text, prompt=prompt, reference=reference) for reward in rewards])


async def _column(
    reward: Reward, models: Models, texts: Sequence[str], prompt: str, reference: str
) -> list[Measured]:
    if isinstance(reward, Learned):
        return [squashed(raw) for raw in await models.reward(reward.model, prompt, texts)]
    return [reward.measure(text, prompt=prompt, reference=reference) for text in texts]


def _mean(rewards: Sequence[Reward], measured: Sequence[Measured]) -> Score:
    parts = tuple(
        ScorePart(name=reward.kind, value=value, weight=reward.weight, reason=reason)
        for reward, (value, reason) in zip(rewards, measured, strict=True)
    )
    total = sum(part.weight for part in parts)
    return Score(value=sum(part.value * part.weight for part in parts) / total, parts=parts)
