"""What every reward has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Measured = tuple[float, str]
"""A value in 0..1 and the reason for it."""


class RewardSetting(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    weight: float = Field(1.0, gt=0, le=100)
    """Its share of the score, relative to the other rewards' weights."""
