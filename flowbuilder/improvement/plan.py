"""What people's feedback on a flow is good for: how much of it there is, and what it would train."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from flowbuilder.engine.graph import nodes_within
from flowbuilder.engine.leading import place_of
from flowbuilder.evaluation.gates import gate_of
from flowbuilder.feedback.agreement import Agreement, agreement
from flowbuilder.feedback.models import Rating, RatingQuerySet
from flowbuilder.flows.models import Flow
from flowbuilder.modelhub.models import Kind, ModelVersion
from flowbuilder.modelhub.registry import resolve
from nodes.base import NodeError

Effort = Literal["quick", "normal", "thorough"]
Recipe = Literal["grpo", "ppo", "rloo", "dpo"]

LEAST_PAIRS = 12
"""Below this nothing is left to measure a reward model on."""
LEAST_PROMPTS = 6
"""Different questions: some of them are kept to judge the new version, and never trained on."""
HELD_OUT = 0.2
"""The share of questions that a dataset keeps for validation and test together, by default."""
LEAST_DEMONSTRATIONS = 8
"""Below this supervised fine-tuning learns a handful of answers by heart."""


@dataclass(frozen=True)
class Step:
    """One training, as a setting of the flow that does it."""

    kind: Literal["sft", "reward_model", "practice", "preference"]
    title: str
    why: str
    settings: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    flow: Flow
    model: ModelVersion | None
    """What would be improved: the version that the flow's answers come from now."""
    ratings: int
    people: int
    pairs: int
    demonstrations: int
    prompts: int
    agreement: Agreement | None
    missing: tuple[str, ...]
    """What stands in the way, in words; empty where it can start."""
    cautions: tuple[str, ...]
    """What will be wanting at its end."""

    @property
    def is_ready(self) -> bool:
        return not self.missing

    def steps(self, recipe: Recipe = "grpo", effort: Effort = "normal") -> list[Step]:
        """The trainings in their order. More feedback gives more steps; ``effort`` halves or doubles them."""
        scale = {"quick": 0.5, "normal": 1.0, "thorough": 2.0}[effort]
        found = []
        if self.demonstrations >= LEAST_DEMONSTRATIONS:
            found.append(_taught(self.demonstrations, scale))
        if recipe == "dpo":
            return [*found, _chosen(self.pairs, scale)]
        return [*found, _taste(self.pairs, scale), _practised(recipe, scale)]


def plan_for(flow: Flow) -> Plan:
    """Of all that was said about the flow so far."""
    ratings = Rating.objects.filter(flow=flow).told()
    counts: Counter[str] = Counter()
    prompts, people = set(), set()
    for rating in ratings.iterator(chunk_size=500):
        counts["ratings"] += 1
        counts["pairs"] += len(rating.pairs())
        counts["demonstrations"] += len(rating.demonstrations())
        people.add(rating.person_id)
        if rating.pairs():
            prompts.add(rating.prompt)
    model, why_not = model_of(flow, ratings)
    missing = [why_not] if why_not else []
    if counts["pairs"] < LEAST_PAIRS:
        missing.append(
            ngettext(
                "There is %(there)s pair of a better and a worse answer, and %(least)s are needed.",
                "There are %(there)s pairs of a better and a worse answer, and %(least)s are needed.",
                counts["pairs"],
            )
            % {"there": counts["pairs"], "least": LEAST_PAIRS}
        )
    elif len(prompts) < LEAST_PROMPTS:
        missing.append(
            _("The pairs answer %(there)s different questions; with %(least)s some can be kept to judge by.")
            % {"there": len(prompts), "least": LEAST_PROMPTS}
        )
    return Plan(
        flow=flow,
        model=model,
        ratings=counts["ratings"],
        people=len(people - {None}),
        pairs=counts["pairs"],
        demonstrations=counts["demonstrations"],
        prompts=len(prompts),
        agreement=agreement(ratings),
        missing=tuple(missing),
        cautions=tuple(cautions_of(model, len(prompts))),
    )


def cautions_of(model: ModelVersion | None, prompts: int) -> list[str]:
    """Every fifth question, or so, is held out: the gate may ask for more of them than there will be."""
    wanted = gate_of(model.model).least_prompts if model else None
    if not wanted or prompts * HELD_OUT >= wanted:
        return []
    return [
        _(
            "About %(there)d of the %(prompts)d questions will be held out to judge by, and the gate asks for "
            "%(wanted)d: with fewer, promoting the new version wants a written reason."
        )
        % {"there": prompts * HELD_OUT, "prompts": prompts, "wanted": wanted}
    ]


def model_of(flow: Flow, ratings: RatingQuerySet) -> tuple[ModelVersion | None, str]:
    """The language model that most ratings are about, as the flow names it now; or why there is none."""
    nodes = {path: spec for path, spec in nodes_within(flow.graph) if spec["type"].startswith("language.")}
    if not nodes:
        return None, _("The flow asks no language model, so there is none to improve.")
    rated = Counter(place_of(node) for node in ratings.values_list("node_id", flat=True))
    spec = nodes[max(nodes, key=lambda path: rated[path])]
    ref = spec.get("settings", {}).get("model", "starter")
    try:
        return resolve(flow.workspace_id, str(ref), kinds=(Kind.CAUSAL,)), ""
    except NodeError as error:
        return None, str(error)


def _steps(wanted: float, least: int, most: int) -> int:
    return int(min(max(wanted, least), most))


def _taught(examples: int, scale: float) -> Step:
    return Step(
        "sft",
        _("Teach"),
        _("It learns to write the answers that people wrote or praised."),
        {"steps": _steps(examples * 2 * scale, 20, 400), "learning_rate": 5e-5},
    )


def _taste(pairs: int, scale: float) -> Step:
    return Step(
        "reward_model",
        _("Learn the taste"),
        _("A reward model learns which answers people prefer."),
        {"steps": _steps(pairs * scale, 60, 600), "learning_rate": 3e-4, "held_out": 0.2},
    )


def _practised(recipe: str, scale: float) -> Step:
    return Step(
        "practice",
        _("Practise"),
        _("The model answers the questions again and again and shifts towards what the reward model likes."),
        {
            "recipe": recipe,
            "steps": _steps(40 * scale, 10, 200),
            "prompts_per_step": 4,
            "learning_rate": 1e-4 if recipe != "ppo" else 5e-5,
            "kl": 0.03,
        },
    )


def _chosen(pairs: int, scale: float) -> Step:
    return Step(
        "preference",
        _("Learn from choices"),
        _("Preferred answers become likelier, straight from the pairs."),
        {"recipe": "dpo", "steps": _steps(pairs * 2 * scale, 40, 600), "learning_rate": 5e-5},
    )
