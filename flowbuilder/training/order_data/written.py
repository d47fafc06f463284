"""What somebody wrote, chose or labelled, and a model learns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import Field

from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.training.order_data.base import OrderData
from nodes.base import NodeError
from nodes.data.served import demonstrations_of, preferences_of
from nodes.training.pretrain import Pretrain
from nodes.types import Demonstration, Demonstrations, LabelledTexts, Preferences

LOGGED = 500
"""Lines of metrics of a pre-training, which has many steps that are short."""


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
