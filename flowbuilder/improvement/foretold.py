"""What an improvement will take, told before it starts: the sum of its trainings, as each of them would be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flowbuilder.feedback.exporting import completions, preferences
from flowbuilder.feedback.models import Rating
from flowbuilder.improvement.plan import Plan, Step
from flowbuilder.training.duration import spoken
from flowbuilder.training.memory import size
from flowbuilder.training.ordering import estimated, prepare, refusal
from nodes.base import NodeError

RECIPES = {"sft": "sft", "reward_model": "reward_model"}
"""Of the steps that do not name one in their settings."""


@dataclass(frozen=True)
class Foretold:
    seconds: tuple[int, int]
    """From and to, of all trainings together; judging comes on top."""
    memory: int
    """Bytes that the largest of them needs."""
    refusal: str = ""
    """Why no machine here can do it; empty when one can."""

    @property
    def time(self) -> str:
        return " – ".join(spoken(seconds) for seconds in self.seconds)

    @property
    def size(self) -> str:
        return size(self.memory)


def foretold(plan: Plan, steps: Sequence[Step]) -> Foretold | None:
    """None where there is no model or nothing to learn from."""
    if plan.model is None or not plan.pairs:
        return None
    said = learned_from(plan)
    low = high = most = 0
    for step in steps:
        settings = {name: value for name, value in step.settings.items() if name != "recipe"}
        recipe = step.settings.get("recipe") or RECIPES[step.kind]
        order = {"recipe": recipe, "model": plan.model.ref, "settings": settings, "data": said[step.kind]}
        try:
            prepared = prepare(workspace_id=plan.flow.workspace_id, **order)
        except NodeError as error:
            return Foretold((low, high), most, str(error))
        if why := refusal(prepared):
            return Foretold((low, high), most, why)
        needed = estimated(prepared)
        least, longest = needed.get("seconds", (0, 0))
        low, high, most = low + least, high + longest, max(most, needed["needed"])
    return Foretold((low, high), most)


def learned_from(plan: Plan) -> dict[str, Any]:
    """The feedback as each kind of step takes it."""
    pairs: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for rating in Rating.objects.filter(flow=plan.flow).told().iterator(chunk_size=500):
        pairs += preferences(rating)
        answers += completions(rating)
    # Which rewards it practises with takes neither time nor memory worth telling.
    practice = {"prompts": [{"prompt": pair["prompt"]} for pair in pairs], "rewards": [{"kind": "length"}]}
    return {
        "sft": {"examples": answers},
        "reward_model": {"pairs": pairs},
        "preference": {"pairs": pairs},
        "practice": practice,
    }
