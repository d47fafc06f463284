"""Rewards text in which a regular expression is found."""

from __future__ import annotations

from typing import Literal

import regex
from pydantic import Field, field_validator

from nodes.reward.rewards.setting import Measured, RewardSetting

SECONDS = 0.25


def pattern(
    text: str,
    *,
    prompt: str = "",
    reference: str = "",
    pattern: str,
    whole: bool = False,
    wanted: bool = True,
) -> Measured:
    """1 or 0. A pattern that takes longer than ``SECONDS`` counts as not found, and the reason says so."""
    search = regex.fullmatch if whole else regex.search
    try:
        found = search(pattern, text, timeout=SECONDS)
    except TimeoutError:
        return 0.0, f"the pattern takes longer than {SECONDS} s on this text"
    return float(bool(found) is wanted), f"found {found[0][:60]!r}" if found else "not found"


class Pattern(RewardSetting):
    """Is a regular expression found in it?"""

    kind: Literal["pattern"] = "pattern"
    pattern: str = Field(min_length=1, max_length=1000)
    """A regular expression, for example ``^PX-\\d{6}$``."""
    whole: bool = False
    """The whole text must match, not just a part of it."""
    wanted: bool = True
    """Off rewards text in which the pattern is not found."""

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            regex.compile(value)
        except regex.error as error:
            raise ValueError(f"this is not a regular expression: {error}") from error
        return value

    def measure(self, text: str, *, prompt: str = "", reference: str = "") -> Measured:
        return pattern(text, pattern=self.pattern, whole=self.whole, wanted=self.wanted)
