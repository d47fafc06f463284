"""Drafts a flow from words. Nothing is saved: whoever asked looks at it, and takes it or not."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from asgiref.sync import sync_to_async

from flowbuilder.accounts.models import Asker
from flowbuilder.engine.problem import Problem
from flowbuilder.flows.bots.drawing import Parts, draw
from flowbuilder.flows.bots.services import SMALL, default_model
from flowbuilder.flows.bots.understanding import Answers, Understanding, understand
from flowbuilder.flows.checking import check
from flowbuilder.flows.describing.asking import question, shape, types_for
from flowbuilder.flows.describing.nearest import Near, nearest
from flowbuilder.flows.describing.repairing import repair, written
from flowbuilder.flows.gallery.language import spoken
from flowbuilder.flows.parsing import parse_graph
from flowbuilder.flows.references import references_of
from flowbuilder.flows.starting_points import starting_points
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.modelhub.registry import resolve
from flowbuilder.modelhub.services import GENERATES, NodeModels
from nodes.base import Models, Sampling

SAMPLING = Sampling(max_new_tokens=1600, temperature=0.3)
SURE, SURER = 0.4, 0.75
"""Share of what was said that a template must be about, to be the draft where no model writes one; the higher one where the
bots' rules understood what is wanted."""
LATER = "chosen later"


@dataclass(frozen=True)
class Drafted:
    graph: dict[str, Any]
    understood: Understanding
    by: str
    """``model``, ``template`` (the nearest of the gallery) or ``rules``."""
    model: str
    """The one that wrote it; empty where none is large enough."""
    template: str = ""
    near: tuple[Near, ...] = ()
    mended: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


models_of: Callable[[Asker], Models] = lambda asker: NodeModels(asker.workspace.pk, lambda kind, data: None)  # noqa: E731
"""What models answer with: a test puts its own here."""


async def draft(*, asker: Asker, words: str, model: str = "") -> Drafted:
    """By ``model``, or the largest of the workspace; by rules and the gallery where that is too small to follow instructions.

    Errors: ``NodeError`` naming the model that is not there or wrote no flow.
    """
    chosen, large = await sync_to_async(_chosen)(asker, model)
    near = await sync_to_async(lambda: nearest(words, starting_points(asker)))()
    if large:
        types = types_for(words, near)
        pieces = models_of(asker).generate(
            chosen, question(words, types, near), sampling=SAMPLING, schema=shape(types)
        )
        text = "".join([piece async for piece in pieces])
        mended = repair(written(text))
        made = Drafted(
            mended.graph, understand(words), "model", chosen, near=tuple(near[:3]), mended=mended.notes
        )
    else:
        made = await sync_to_async(_without_a_model)(asker, words, chosen, near)
    return await sync_to_async(_checked)(asker, made)


def _chosen(asker: Asker, model: str) -> tuple[str, bool]:
    name = model or default_model(asker)
    return name, resolve(asker.workspace.pk, name, kinds=GENERATES).parameters >= SMALL


def _without_a_model(asker: Asker, words: str, model: str, near: list[Near]) -> Drafted:
    """The nearest template where it is about what was said; else what the bots' rules draw of it."""
    understood = understand(words)
    plain = understood.answers == Answers.TEXT and not understood.looks_up
    if near and near[0].score >= (SURE if plain else SURER):
        best = spoken(near[0].template)
        return Drafted(deepcopy(best.graph), understood, "template", "", best.title, tuple(near[:3]))
    parts = Parts(model=model, trained_form=understood.answers in {Answers.RECORD, Answers.TEXT})
    if understood.looks_up:
        base = _base(asker, words)
        parts = replace(parts, base=str(base.pk) if base else LATER, base_name=base.name if base else "")
    graph = draw(words, understood, parts)
    for node in graph["nodes"]:
        if node["settings"].get("base") == LATER:
            node["settings"].pop("base")
    return Drafted(graph, understood, "rules", "", near=tuple(near[:3]))


def _base(asker: Asker, words: str) -> KnowledgeBase | None:
    """The only one there is, or the one that is named."""
    bases = list(KnowledgeBase.objects.visible_to(asker)[:200])
    named = [base for base in bases if base.name.lower() in words.lower()]
    found = named or bases
    return found[0] if len(found) == 1 else None


def _checked(asker: Asker, made: Drafted) -> Drafted:
    """As any other graph is checked; references that a model invented are left open, to be chosen."""
    graph = made.graph
    if made.by == "model":
        gone = {
            (problem.node, problem.setting)
            for problem in check(parse_graph(graph), asker)
            if problem.code == "missing"
        }
        for node in graph["nodes"]:
            for reference in references_of(node["type"], node["settings"]):
                if (node["id"], reference.setting) in gone:
                    node["settings"].pop(reference.setting, None)
            if node["type"] == "language.local_model":
                node["settings"].setdefault("model", made.model)
    typed = parse_graph(graph)
    return replace(made, graph=typed.model_dump(mode="json"), problems=check(typed, asker))
