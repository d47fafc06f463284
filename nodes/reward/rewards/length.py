"""Rewards text whose length is within bounds."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from nodes.reward.rewards.setting import Measured, RewardSetting

Unit = Literal["characters", "words"]


def length(
    text: str,
    *,
    prompt: str = "",
    reference: str = "",
    least: int = 1,
    most: int = 400,
    unit: Unit = "characters",
) -> Measured:
    """1 within ``least..most``; outside, the share of the length and the bound it misses."""
    size = len(text.split()) if unit == "words" else len(text)
    value = size / least if size < least else most / size if size > most else 1.0
    return value, f"{size} {unit}"


class Length(RewardSetting):
    """Is its length within bounds?"""

    kind: Literal["length"] = "length"
    least: int = Field(1, ge=0)
    """The shortest length that gets the full reward."""
    most: int = Field(400, ge=0)
    """The longest length that gets the full reward."""
    unit: Unit = "characters"
    """What is counted."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"'least' is {self.least}, above 'most', which is {self.most}")
        return self

    def measure(self, text: str, *, prompt: str = "", reference: str = "") -> Measured:
        return length(text, least=self.least, most=self.most, unit=self.unit)
