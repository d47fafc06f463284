"""An order made ready: every reference in it resolved through its workspace, checked, and what it will need."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flowbuilder.datasets.models import DatasetVersion
from flowbuilder.datasets.services import resolve as resolve_dataset
from flowbuilder.datasets.services import rows_for
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.modelhub.registry import resolve
from flowbuilder.training import devices, duration, memory
from flowbuilder.training.chance import near_chance
from flowbuilder.training.order_data.base import OrderData
from flowbuilder.training.orders import Order, check_order, order_of, refuse_processes
from nodes.base import NodeError


@dataclass(frozen=True)
class Prepared:
    """What is trained on what, with what."""

    recipe: str
    base: ModelVersion | None
    given: dict[str, Any]
    """The settings that were named."""
    settings: dict[str, Any]
    """All of them, with the defaults of the others."""
    data: dict[str, Any]
    """The rows themselves, also where a dataset was named."""
    dataset: DatasetVersion | None
    judge: ModelVersion | None
    processes: int = 1

    @property
    def sizes(self) -> tuple[Any, ...]:
        """As ``memory`` and ``duration`` take it."""
        folders = (self.base.folder if self.base else None, self.judge.folder if self.judge else None)
        return (self.recipe, self.settings, self.data, *folders)


def prepare(
    *,
    workspace_id: uuid.UUID,
    recipe: str,
    model: str,
    settings: dict[str, Any],
    data: Any,
    processes: int = 1,
) -> Prepared:
    """``NodeError`` names what is wrong with the order."""
    order = order_of(recipe)
    base = resolve(workspace_id, model, kinds=order.starts_from) if order.starts_from else None
    data, dataset = with_rows(workspace_id, order, data)
    ordered, learned_from = check_order(recipe, model, settings, data)
    judge = judge_of(workspace_id, recipe, learned_from)
    refuse_processes(recipe, ordered, processes)
    data = {**data, **learned_from.pinned(workspace_id, base)}
    given = {name: ordered.get(name, value) for name, value in settings.items()}
    return Prepared(recipe, base, given, ordered, data, dataset, judge, processes)


def judge_of(workspace_id: uuid.UUID, recipe: str, learned_from: OrderData) -> ModelVersion | None:
    judge = learned_from.reward_model_of(workspace_id)
    if judge is not None and recipe in memory.RL:
        refuse_near_chance(judge)
    return judge


def refuse_near_chance(reward_model: ModelVersion) -> None:
    """The gate: reinforcement learning on a reward model that guesses makes the model worse."""
    if why := near_chance(reward_model):
        raise NodeError(f"{why} Train it longer or on more pairs before anything is trained on its scores.")


def with_rows(
    workspace_id: uuid.UUID, order: Order, data: Any
) -> tuple[dict[str, Any], DatasetVersion | None]:
    """Where a dataset is named, the rows of its splits for this in its place. Data that came from one names it too."""
    if not isinstance(data, dict):
        raise NodeError('\'data\' is an object, for example {"dataset": "support@3"}.')
    if "dataset" not in data:
        return data, known_source(workspace_id, data.get("source"))
    if not isinstance(data["dataset"], str):
        raise NodeError("'dataset' is a name, perhaps with a number, such as support@3.")
    version, rows = rows_for(workspace_id, data["dataset"], order.data.splits)
    others = {name: value for name, value in data.items() if name != "dataset"}
    found = order.data.of_rows(rows)
    if not any(found.values()):
        raise NodeError(
            f"'dataset': the {' and '.join(order.data.splits)} split of '{version.ref}' has nothing that this recipe can take "
            f"(it holds {version.dataset.kind} rows); it needs {order.data.wanted}."
        )
    return {**others, **found, "source": version.ref}, version


def known_source(workspace_id: uuid.UUID, source: Any) -> DatasetVersion | None:
    """What nodes say of where their rows came from; it may be gone, or somebody's own words."""
    if not isinstance(source, str) or "@" not in source:
        return None
    try:
        return resolve_dataset(workspace_id, source)
    except NodeError:
        return None


def estimated(prepared: Prepared) -> dict[str, Any]:
    """Parameters, bytes and seconds that it will need, as the job keeps them."""
    needed = needed_by(prepared)
    told = {**needed.model_dump(), "needed": needed.needed}
    return {**told, **duration.estimate(prepared, needed.parameters)}


def needed_by(prepared: Prepared) -> memory.Estimate:
    if prepared.base is None:
        return memory.estimate_new(prepared.settings)
    return memory.estimate(*prepared.sizes)


def refusal(prepared: Prepared) -> str:
    """Why no machine here can train it, and what it could; empty when one can."""
    there = devices.room()
    if prepared.base is None:
        why = memory.estimate_new(prepared.settings).refused_by(there)
        return f"{why} Choose a smaller 'size' or 'batch_tokens'." if why else ""
    return memory.refusal(*prepared.sizes, there=there)
