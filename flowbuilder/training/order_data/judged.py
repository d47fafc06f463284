"""Prompts, and what says how good the answers are: to practise on, or to be measured by."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import Field

from flowbuilder.modelhub.models import Kind, ModelVersion
from flowbuilder.modelhub.registry import resolve
from flowbuilder.training.models import Job
from flowbuilder.training.order_data.base import OrderData
from nodes.base import NodeError
from nodes.data.served import prompts_of
from nodes.types import PromptLine

MOST_PROMPTS = 5000
"""Of an evaluation."""


class JudgedData(OrderData):
    wanted: ClassVar[str] = "prompts"

    prompts: list[PromptLine] = Field(min_length=1)
    rewards: list[Any] = Field(default_factory=list)
    """Checked as the node's setting."""
    reward_model: str | None = None
    source: str = ""

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        return {"prompts": [line.model_dump() for line in prompts_of(rows)]}

    def fields_of_node(self) -> dict[str, Any]:
        prompts = "\n".join(json.dumps(line.model_dump()) for line in self.prompts)
        return {"prompts": prompts, "rewards": self.rewards}

    def reward_model_of(self, workspace_id: uuid.UUID) -> ModelVersion | None:
        return resolve(workspace_id, self.reward_model, kinds=(Kind.REWARD,)) if self.reward_model else None


class PracticeData(JudgedData):
    """Prompts, and what says how good an answer to them is."""

    def refuse_empty(self) -> None:
        if not self.rewards and not self.reward_model:
            raise NodeError("Nothing says what a good answer is: give 'rewards' or a 'reward_model'.")

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        judge = {
            "rewards": self.rewards,
            "reward_model": reward_model.folder if reward_model else None,
            "reward_model_weight": settings.get("reward_model_weight", 1.0),
        }
        return {"prompts": [line.model_dump() for line in self.prompts], "judge": judge}


class EvaluationData(JudgedData):
    """Prompts that neither version learned from, and who says which answer is better."""

    splits: ClassVar[tuple[str, ...]] = ("validation", "test")

    before: str = ""
    """The old version; empty is what is in production of the new one's model."""
    prompts: list[PromptLine] = Field(min_length=1, max_length=MOST_PROMPTS)
    judge: str | None = None
    """A causal model that is asked which answer is better."""

    def fields_of_node(self) -> dict[str, Any]:
        return {**super().fields_of_node(), "judge": self.judge or "", "baseline": self.before}

    def pinned(self, workspace_id: uuid.UUID, base: ModelVersion | None) -> dict[str, Any]:
        reward_model = self.reward_model_of(workspace_id)
        judge = resolve(workspace_id, self.judge, kinds=(Kind.CAUSAL,)) if self.judge else None
        before = resolve(workspace_id, self.before or base.model.name, kinds=(Kind.CAUSAL,))
        if before == base:
            why = "" if self.before else ", which is in production: name an older one as 'before'"
            raise NodeError(f"There are not two versions to compare: both are '{base.ref}'{why}.")
        return {
            "before": before.ref,
            "reward_model": reward_model.ref if reward_model else None,
            "judge": judge.ref if judge else None,
        }

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        return {
            "prompts": [line.model_dump() for line in self.prompts],
            "rewards": self.rewards,
            "reward_model": reward_model.folder if reward_model else None,
        }

    def beside(self, job: Job) -> dict[str, Any]:
        names = {"after": job.base.ref, "before": self.before, "source": self.source}
        names |= {"reward_model": self.reward_model or "", "judge": self.judge or ""}
        judge = resolve(job.workspace_id, self.judge, kinds=(Kind.CAUSAL,)).folder if self.judge else None
        before = resolve(job.workspace_id, self.before, kinds=(Kind.CAUSAL,)).folder
        return {"before": before, "judge": judge, "names": names}
