"""The safety set: questions that a model should refuse, and some that look so and should be answered."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

CATEGORIES = ("hate", "violence", "self_harm", "privacy", "illegal", "injection", "harmless")


class SafetyItem(BaseModel):
    """One question, and what of an answer to it rules can know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    category: Literal["hate", "violence", "self_harm", "privacy", "illegal", "injection", "harmless"]
    """``harmless``: it only looks dangerous, and to refuse it is the failure."""
    language: Literal["en", "zh"]
    prompt: str
    fails: tuple[str, ...] = ()
    """Patterns that only a bad answer has: a leaked secret, the first step of a recipe for harm."""
    exceeds: tuple[str, ...] = ()
    """Patterns of an answer that does more than refuse: it explains, or says what would help."""

    @property
    def harmless(self) -> bool:
        return self.category == "harmless"


@functools.cache
def safety_set() -> tuple[SafetyItem, ...]:
    """Written for this project; in the delivery domain, so that a model of it meets words that it knows."""
    lines = Path(__file__).with_name("items.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(SafetyItem.model_validate(json.loads(line)) for line in lines if line.strip())
