"""Runs of a part of the draft: what of it runs, and what an earlier run lends."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.compiled import ports_of
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.partial import Asked, part_of, unchanged_since
from flowbuilder.engine.values import from_json
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run
from nodes.base import NodeError


@dataclass(frozen=True)
class Wish:
    """What somebody wants to run of a draft."""

    asked: Asked = field(default_factory=Asked)
    reuse: uuid.UUID | None = None
    """A run of the same flow, whose outputs stand for what does not run anew."""

    def __bool__(self) -> bool:
        return bool(self.asked.node or self.reuse)


def planned(
    *, flow: Flow, graph: Graph, inputs: dict[str, Any], wish: Wish, catalogue: Catalogue
) -> tuple[dict[str, Any], dict[str, Any]]:
    """``Run.part`` and the run's inputs: by default those of the run that is built on."""
    earlier = _earlier(flow, wish.reuse)
    if earlier is None:
        stored, unchanged = {}, set()
    else:
        stored, unchanged = _lent(earlier, graph, catalogue), unchanged_since(graph, _graph_of(earlier))
        if inputs and inputs != earlier.inputs:
            # Whatever begins with the run's inputs would give something else now.
            unchanged = set()
        inputs = inputs or earlier.inputs
    try:
        part = part_of(graph, wish.asked, stored, unchanged)
    except NodeError as error:
        raise ApiError("invalid", str(error), 422) from error
    asked = {name: value for name, value in asdict(wish.asked).items() if value}
    if earlier is not None:
        asked["reuse"] = str(earlier.pk)
    return {"asked": asked, "nodes": list(part.nodes), "kept": part.kept}, inputs


def reduced(run: Run) -> Graph:
    """What of its graph the run plays: the whole, or the nodes that run with those that stand already."""
    graph = Graph.model_validate(run.graph)
    if not run.part:
        return graph
    return graph.reduced({*run.part["nodes"], *run.part["kept"]})


def _earlier(flow: Flow, reuse: uuid.UUID | None) -> Run | None:
    if reuse is None:
        return None
    earlier = flow.runs.filter(pk=reuse).first()
    if earlier is None:
        message = f"'{flow.name}' has no run '{reuse}' that could be reused; take one of its own runs."
        raise ApiError("not_found", message, 404)
    return earlier


def _graph_of(run: Run) -> Graph:
    return Graph.model_validate(run.graph)


def _lent(earlier: Run, graph: Graph, catalogue: Catalogue) -> dict[str, Any]:
    """Outputs of the earlier run that still fit the ports of their nodes."""
    results = dict(earlier.results.values_list("node_id", "outputs"))
    lent = {}
    for spec in graph.nodes:
        if spec.id in results:
            try:
                from_json(ports_of(spec, catalogue)[1], results[spec.id])
            except NodeError:
                continue  # its settings changed so that nothing of what it gave can stand
            lent[spec.id] = results[spec.id]
    return lent
