"""What a job learns from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.training.models import Job


class OrderData(BaseModel):
    """Each kind of it says how it is written in the recipe's configuration."""

    model_config = ConfigDict(frozen=True)

    wanted: ClassVar[str]
    """What it is, in words."""
    splits: ClassVar[tuple[str, ...]] = ("train",)
    """Of a dataset that is named instead."""

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """What a dataset's rows are to it; nothing where they are of another kind."""
        raise NotImplementedError

    def fields_of_node(self) -> dict[str, Any]:
        """Settings of the node that are data in a job."""
        return {}

    def refuse_empty(self) -> None:
        """``NodeError`` where there is nothing to learn from."""

    def reward_model_of(self, workspace_id: uuid.UUID) -> ModelVersion | None:
        return None

    def pinned(self, workspace_id: uuid.UUID, base: ModelVersion | None) -> dict[str, Any]:
        """Fields that name models, with the versions that they mean now: a job that waits or goes on keeps them."""
        return {}

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        """Its part of the recipe's configuration."""
        return self.model_dump(mode="json")

    def beside(self, job: Job) -> dict[str, Any]:
        """What of the workspace the configuration names beside: other models, as folders."""
        return {}
