"""What can be ordered: for each recipe the node that would give the order, its data, and what comes out.

A recipe is added here, in ``models.Recipe`` and as a file of its own below ``recipes/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from flowbuilder.modelhub.models import Kind, ModelVersion
from flowbuilder.training.models import Recipe
from flowbuilder.training.order_data.base import OrderData
from flowbuilder.training.order_data.judged import EvaluationData, PracticeData
from flowbuilder.training.order_data.written import CorpusData, DemonstrationData, LabelledData, PairData
from nodes.base import Node, NodeError
from nodes.training.classifier import TrainClassifier
from nodes.training.evaluate import Evaluate
from nodes.training.fine_tune import FineTune
from nodes.training.preference import TrainPreference
from nodes.training.pretrain import Pretrain
from nodes.training.reward_model import TrainRewardModel
from nodes.training.sft import TrainSft

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
