"""What can be ordered: for each recipe the node that would give the order, its data, and what comes out.

A recipe is added here, in ``models.Recipe`` and as a file of its own below ``recipes/``.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowbuilder.modelhub.models import Kind, ModelVersion
from flowbuilder.modelhub.registry import resolve
from flowbuilder.training.models import Job, Recipe
from nodes.base import Node, NodeError
from nodes.data.served import demonstrations_of, preferences_of, prompts_of
from nodes.training.classifier import TrainClassifier
from nodes.training.evaluate import Evaluate
from nodes.training.fine_tune import FineTune
from nodes.training.preference import TrainPreference
from nodes.training.pretrain import Pretrain
from nodes.training.reward_model import TrainRewardModel
from nodes.training.sft import TrainSft
from nodes.types import Demonstration, Demonstrations, LabelledTexts, Preferences, PromptLine

LOGGED = 500
"""Lines of metrics of a pre-training, which has many steps that are short."""
NOT_THE_RECIPES = {
    "recipe",
    "texts",
    "model",
    "name",
    "examples",
    "labelled",
    "prompts",
    "rewards",
    "reward_model_weight",
    "baseline",
    "judge",
}
"""Fields of the nodes that say what is trained on what; all others are settings of the recipe."""
MOST_PROMPTS = 5000
"""Of an evaluation."""


class OrderData(BaseModel):
    """What a job learns from. Each kind of it says how it is written in the recipe's configuration."""

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


class DemonstrationData(OrderData, Demonstrations):
    wanted: ClassVar[str] = "demonstrations: prompts with the answers that people want"

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        return {"examples": [row.model_dump(mode="json") for row in demonstrations_of(rows)]}

    def fields_of_node(self) -> dict[str, Any]:
        return {"examples": ""}

    def refuse_empty(self) -> None:
        if not self.examples:
            raise NodeError("There is nothing to learn from: give 'examples'.")

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        return self.model_dump(mode="json", include={"examples"})


class CorpusData(OrderData):
    """What a new model reads: texts as they run, and conversations."""

    wanted: ClassVar[str] = "texts, or conversations"

    texts: list[str] = Field(default_factory=list)
    examples: list[Demonstration] = Field(default_factory=list)
    source: str = ""

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        rows = list(rows)
        shown = demonstrations_of(row for row in rows if "text" not in row)
        texts = [str(row["text"]) for row in rows if "text" in row]
        return {"texts": texts, "examples": [row.model_dump(mode="json") for row in shown]}

    def refuse_empty(self) -> None:
        if not self.examples and not any(text.strip() for text in self.texts):
            raise NodeError("There is nothing to read: give 'texts', or 'examples' of conversations.")

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        defaults = Pretrain.model_fields
        shown = {name: defaults[name].default for name in ("size", "steps", "copying", "samples_every")}
        steps = settings.get("steps", shown["steps"])
        return {
            **{name: value for name, value in shown.items() if name not in settings},
            "log_every": max(1, steps // LOGGED),
            **self.model_dump(mode="json", include={"texts", "examples"}),
        }


class PairData(OrderData, Preferences):
    wanted: ClassVar[str] = "pairs: prompts with an answer that people chose and one that they rejected"

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        return {"pairs": [row.model_dump() for row in preferences_of(rows)]}

    def refuse_empty(self) -> None:
        if not self.pairs:
            raise NodeError("There is nothing to learn from: give 'pairs'.")

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        return self.model_dump(mode="json", include={"pairs"})


class LabelledData(OrderData, LabelledTexts):
    wanted: ClassVar[str] = "labels: texts, or answers that people called good or bad"

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        return {"labelled": [labelled for row in rows if (labelled := _labelled(row))]}

    def fields_of_node(self) -> dict[str, Any]:
        return {"labelled": ""}

    def refuse_empty(self) -> None:
        labels = {one.label for one in self.labelled}
        if len(labels) < 2:
            raise NodeError(
                f"There is nothing to tell apart: 'labelled' needs at least two labels, and has {len(labels)}."
            )

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        return self.model_dump(mode="json", include={"labelled"})


def _labelled(row: dict[str, Any]) -> dict[str, str] | None:
    """A text with its label; an answer that was called good or bad is one."""
    if not isinstance(row.get("label"), bool):
        return {"text": row["text"], "label": str(row["label"])} if {"text", "label"} <= row.keys() else None
    return {"text": row["completion"], "label": "good" if row["label"] else "bad"}


class PracticeData(OrderData):
    """Prompts, and what says how good an answer to them is. The rewards are checked as the node's setting."""

    wanted: ClassVar[str] = "prompts"
    prompts: list[PromptLine] = Field(min_length=1)
    rewards: list[Any] = Field(default_factory=list)
    reward_model: str | None = None
    source: str = ""

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        return {"prompts": [line.model_dump() for line in prompts_of(rows)]}

    def fields_of_node(self) -> dict[str, Any]:
        prompts = "\n".join(json.dumps(line.model_dump()) for line in self.prompts)
        return {"prompts": prompts, "rewards": self.rewards}

    def refuse_empty(self) -> None:
        if not self.rewards and not self.reward_model:
            raise NodeError("Nothing says what a good answer is: give 'rewards' or a 'reward_model'.")

    def reward_model_of(self, workspace_id: uuid.UUID) -> ModelVersion | None:
        return resolve(workspace_id, self.reward_model, kinds=(Kind.REWARD,)) if self.reward_model else None

    def config(self, settings: dict[str, Any], reward_model: ModelVersion | None) -> dict[str, Any]:
        judge = {
            "rewards": self.rewards,
            "reward_model": reward_model.folder if reward_model else None,
            "reward_model_weight": settings.get("reward_model_weight", 1.0),
        }
        return {"prompts": [line.model_dump() for line in self.prompts], "judge": judge}


class EvaluationData(OrderData):
    """Prompts that neither version learned from, and who says which answer is better."""

    wanted: ClassVar[str] = "prompts"
    splits: ClassVar[tuple[str, ...]] = ("validation", "test")

    before: str = ""
    """The old version; empty is what is in production of the new one's model."""
    prompts: list[PromptLine] = Field(min_length=1, max_length=MOST_PROMPTS)
    rewards: list[Any] = Field(default_factory=list)
    reward_model: str | None = None
    judge: str | None = None
    """A causal model that is asked which answer is better."""
    source: str = ""

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        return {"prompts": [line.model_dump() for line in prompts_of(rows)]}

    def fields_of_node(self) -> dict[str, Any]:
        prompts = "\n".join(json.dumps(line.model_dump()) for line in self.prompts)
        return {
            "prompts": prompts,
            "rewards": self.rewards,
            "judge": self.judge or "",
            "baseline": self.before,
        }

    def reward_model_of(self, workspace_id: uuid.UUID) -> ModelVersion | None:
        return resolve(workspace_id, self.reward_model, kinds=(Kind.REWARD,)) if self.reward_model else None

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


@dataclass(frozen=True)
class Order:
    """One kind of job."""

    node: type[Node]
    data: type[OrderData]
    makes: Kind | None = Kind.CAUSAL
    """The kind of version that comes out; None: a report, and no version."""
    starts_from: tuple[Kind, ...] = (Kind.CAUSAL,)
    """Kinds of models that it can start from; empty: it starts from nothing."""
    suffix: str = ""
    """The version's model is called as the one that it started from, with this behind."""
    alone: bool = False
    """Whether it trains in one process only."""


ORDERS: dict[str, Order] = {
    Recipe.SFT: Order(TrainSft, DemonstrationData),
    Recipe.REWARD_MODEL: Order(TrainRewardModel, PairData, Kind.REWARD, suffix="-reward"),
    **dict.fromkeys([Recipe.DPO, Recipe.KTO, Recipe.ORPO], Order(TrainPreference, PairData)),
    Recipe.CLASSIFIER: Order(TrainClassifier, LabelledData, Kind.CLASSIFIER, suffix="-classifier"),
    **dict.fromkeys([Recipe.GRPO, Recipe.RLOO], Order(FineTune, PracticeData)),
    Recipe.PRETRAIN: Order(Pretrain, CorpusData, starts_from=(), alone=True),
    Recipe.PPO: Order(FineTune, PracticeData, alone=True),
    Recipe.EVALUATE: Order(Evaluate, EvaluationData, makes=None),
}


def order_of(recipe: str) -> Order:
    if recipe not in ORDERS:
        raise NodeError(f"There is no recipe '{recipe}'. There is: {', '.join(ORDERS)}.")
    return ORDERS[recipe]


def check_order(
    recipe: str, model: str, settings: dict[str, Any], data: Any
) -> tuple[dict[str, Any], OrderData]:
    """The nodes say what a job may be told; whoever asks over HTTP is held to the same.

    All its settings come back, with the defaults of those that were not named, and its data. ``NodeError`` names
    what is wrong.
    """
    order = order_of(recipe)
    fields = order.node.model_fields
    named = {name: value for name, value in {"recipe": recipe, "model": model}.items() if name in fields}
    try:
        found = order.data.model_validate(data)
        node = order.node.model_validate({**settings, **named, **found.fields_of_node()})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NodeError(f"'{where}': {first['msg']}" if where else first["msg"]) from error
    found.refuse_empty()
    return node.model_dump(), found


def refuse_processes(recipe: str, settings: dict[str, Any], processes: int) -> None:
    """``NodeError`` where so many cannot train side by side. ``settings`` holds the defaults too."""
    if processes == 1:
        return
    if order_of(recipe).alone:
        raise NodeError(f"'processes': {Recipe(recipe).label} trains in one process; ask for 1.")
    batch = "prompts_per_step" if "prompts_per_step" in settings else "batch_size"
    if settings.get(batch, processes) % processes:
        raise NodeError(
            f"'{batch}' is {settings[batch]}, which {processes} processes cannot share: choose a multiple."
        )


def name_of(recipe: str, settings: dict[str, Any], base: ModelVersion | None) -> str:
    """Of the model whose version comes out."""
    order = order_of(recipe)
    if base is None:
        return str(settings.get("name") or order.node.model_fields["name"].default)
    return settings.get("name") or f"{base.model.name}{order.suffix}"


def recipe_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Those that the recipe itself knows; what is empty is left to it."""
    return {
        name: value for name, value in settings.items() if name not in NOT_THE_RECIPES and value is not None
    }
