"""One question, two runs, and a judge who does not know which is which."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import nodes_within
from flowbuilder.engine.leading import place_of
from flowbuilder.feedback.answers import Answer, Told
from flowbuilder.feedback.models import Comparison, Kind, Rating
from flowbuilder.feedback.services import replace
from flowbuilder.flows.calls import with_called
from flowbuilder.flows.models import Flow
from flowbuilder.flows.services import parse_graph
from flowbuilder.modelhub.registry import resolve
from flowbuilder.runs.models import Run, Status
from flowbuilder.runs.services import submit

SIDES = ("left", "right")


def compare(
    *,
    asker: Asker,
    flow: Flow,
    run: Run | None = None,
    inputs: dict[str, Any] | None = None,
    node: str = "",
    models: list[str] | None = None,
    versions: list[int] | None = None,
) -> Comparison:
    """Ask twice: as ``run`` was asked, or the draft with ``inputs``. Of ``models`` each gets one side, and so
    does each of the flow's ``versions``; 0 is what would be asked without them."""
    graph = run.graph if run else flow.graph
    wanted = [_version(flow, number) or graph for number in versions or [0, 0]]
    for each in wanted:
        _must_compare(flow, each, node)
    given = run.inputs if run else inputs or {}
    graphs = _graphs(asker, wanted, models)
    with transaction.atomic():
        runs = [submit(asker=asker, flow=flow, inputs=given, graph=wanted) for wanted in graphs]
        secrets.SystemRandom().shuffle(runs)
        return Comparison.objects.create(
            workspace=asker.workspace,
            flow=flow,
            person=asker.user,
            node_id=node,
            left=runs[0],
            right=runs[1],
        )


def with_another(*, asker: Asker, run: Run) -> Comparison:
    """What a run answered, beside a second answer of the same graph to the same question."""
    _must_compare(run.flow, run.graph, "")
    [graph] = _graphs(asker, [run.graph], None)
    with transaction.atomic():
        runs = [run, submit(asker=asker, flow=run.flow, inputs=run.inputs, graph=graph)]
        secrets.SystemRandom().shuffle(runs)
        return Comparison.objects.create(
            workspace=asker.workspace, flow=run.flow, person=asker.user, left=runs[0], right=runs[1]
        )


def _version(flow: Flow, number: int) -> dict[str, Any] | None:
    if not number:
        return None
    version = flow.versions.filter(number=number).first()
    if version is None:
        raise ApiError("not_found", f"'{flow.name}' has no version {number}.", 404)
    return version.graph


def _must_compare(flow: Flow, graph: dict[str, Any], node: str) -> None:
    whole, _ = with_called(parse_graph(graph), workspace_id=flow.workspace_id, flow=flow, live=False)
    within = dict(whole.everything())
    if trainers := [path for path, spec in within.items() if spec.type.startswith("training.")]:
        message = f"'{trainers[0]}' trains a model: asking this flow again would train twice more."
        raise ApiError("conflict", message, 409)
    if node and place_of(node) not in within:
        raise ApiError("not_found", f"The flow has no node '{node}'.", 404)


def _graphs(asker: Asker, graphs: list[dict[str, Any]], models: list[str] | None) -> list[dict[str, Any]]:
    """The graph for each side: with its model, and without seeds, which would make two samples one."""
    refs = [resolve(asker.workspace.pk, ref).ref for ref in models or []]
    found = []
    for graph, ref in zip(graphs, refs or [None] * len(graphs), strict=True):
        side = copy.deepcopy(graph)
        for _, spec in nodes_within(side):
            if not spec["type"].startswith("language."):
                continue
            settings = spec.setdefault("settings", {})
            settings.pop("seed", None)
            if ref:
                settings["model"] = ref
        found.append(side)
    return found


def answers(comparison: Comparison) -> dict[str, Answer] | None:
    """Each side's answer; None while one is still being written. ``ApiError`` when a run ended without."""
    runs = {side: getattr(comparison, side) for side in SIDES}
    for run in runs.values():
        if run.status in {Status.FAILED, Status.CANCELLED}:
            why = run.error or "it was cancelled"
            raise ApiError("conflict", f"One of the two answers did not come: {why}", 409)
    if any(run.status != Status.FINISHED for run in runs.values()):
        return None
    return {side: Told(run).answer(comparison.node_id) for side, run in runs.items()}


def decide(*, asker: Asker, comparison: Comparison, better: str, comment: str = "") -> Rating:
    """The asker's verdict, ``left``, ``right``, ``equal`` or ``skip``, in place of their earlier one."""
    found = answers(comparison)
    if found is None:
        raise ApiError("conflict", "Both answers have to be there before one is better.", 409)
    first, second = ("right", "left") if better == "right" else ("left", "right")
    chosen, other = found[first], found[second]
    if better in SIDES and chosen.text == other.text:
        raise ApiError("invalid", "Both answers are the same: neither is better.", 422)
    rejected = {"answer": other.text, "model": other.model, "run": str(getattr(comparison, second).pk)}
    return replace(
        {"person": asker.user, "comparison": comparison},
        {
            "workspace": comparison.workspace,
            "flow_id": comparison.flow_id,
            "run": getattr(comparison, first),
            "node_id": chosen.node,
            "kind": Kind.SKIP if better == "skip" else Kind.PAIR,
            "prompt": chosen.prompt,
            "answer": chosen.text,
            "model": chosen.model,
            "comment": comment,
            "others": [rejected],
            "tie": better == "equal",
        },
    )
