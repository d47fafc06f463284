"""Rewards text that a reward model prefers, as it learned from people."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from nodes.reward.rewards.setting import Measured, RewardSetting
from nodes.types import ModelRef


def squashed(raw: float) -> Measured:
    """A reward model's unbounded score as its sigmoid: in 0..1, and 0.5 where the model is indifferent."""
    value = 1 / (1 + math.exp(-raw)) if raw >= 0 else math.exp(raw) / (1 + math.exp(raw))
    return value, f"the reward model says {raw:+.2f}"


class Learned(RewardSetting):
    """What does a reward model of this workspace say?"""

    kind: Literal["learned"] = "learned"
    model: ModelRef = Field(min_length=1)
    """A reward model of this workspace."""
