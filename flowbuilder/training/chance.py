"""Which reward models guess: reinforcement learning on such a one's scores makes the model worse."""

from __future__ import annotations

from typing import Any, Protocol

NEAR_CHANCE = 0.6
"""Held-out accuracy below which a reward model teaches noise: measured, PPO then makes the model worse."""
ENOUGH_PAIRS = 10
"""Held-out pairs below which the accuracy says too little to refuse anything."""


class RewardModel(Protocol):
    """A version in the hub; or what a benchmark trained, which is in none."""

    @property
    def ref(self) -> str: ...

    @property
    def metrics(self) -> dict[str, Any]: ...


def near_chance(reward_model: RewardModel, least: float = NEAR_CHANCE) -> str:
    """Why its scores are noise; empty where they are not, or where too few pairs were held out to tell."""
    accuracy = reward_model.metrics.get("accuracy")
    pairs = reward_model.metrics.get("held_out_pairs", 0)
    if accuracy is None or pairs < ENOUGH_PAIRS or accuracy >= least:
        return ""
    chance = ", near chance" if accuracy < NEAR_CHANCE else f", where {least:.0%} are wanted"
    return f"Reward model '{reward_model.ref}' is right on {accuracy:.0%} of held-out pairs{chance}."
