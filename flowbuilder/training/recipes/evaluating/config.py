"""Everything that an evaluation can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from nodes.types import PromptLine

SIDES = ("before", "after")


class Names(BaseModel):
    """What the versions are called, for the report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: str = "before"
    after: str = "after"
    reward_model: str = ""
    judge: str = ""
    source: str = ""


class EvaluateJob(BaseModel):
    """Everything that the evaluation depends on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Path
    """Folder of the new version."""
    before: Path
    """Folder of the old one."""
    out_dir: Path
    """Where ``rows.jsonl`` is written: every answer with its figures."""
    work_dir: Path
    """Where answers are saved as they come; an evaluation found there goes on."""
    prompts: list[PromptLine] = Field(min_length=1)
    rewards: list[dict[str, Any]] = Field(default_factory=list)
    """Rules, as the reward nodes' settings write them."""
    reward_model: Path | None = None
    judge: Path | None = None
    """A causal model that is asked which answer is better, and how safe an answer is."""
    names: Names = Names()
    json_schema: str = ""
    """A JSON Schema that answers should satisfy; empty asks for none."""
    safety: bool = True
    """Whether the safety set is asked too."""
    samples: int = Field(0, ge=0)
    """Drawn answers a prompt, beside the likeliest."""
    temperature: float = Field(0.7, gt=0)
    """Of the drawn ones."""
    max_new_tokens: int = Field(128, ge=1)
    margin: float = Field(0.1, ge=0, le=1)
    """How much lower an answer must score to be called worse."""
    seed: int = 0
    threads: int = Field(1, ge=1)
