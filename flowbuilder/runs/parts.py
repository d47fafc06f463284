"""Runs of a part of the draft: what of it runs, and what an earlier run lends."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.compiled import ports_of
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.inside import ENTRY, body_at, values_given
from flowbuilder.engine.leading import place_of
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
    try:
        part = _in_group(graph, inputs, wish, earlier, catalogue) or _in_flow(
            graph, inputs, wish, earlier, catalogue
        )
    except NodeError as error:
        raise ApiError("invalid", str(error), 422) from error
    asked = {name: value for name, value in asdict(wish.asked).items() if value}
    if earlier is not None:
        asked["reuse"] = str(earlier.pk)
        inputs = inputs or earlier.inputs
    return {"asked": asked, **part}, inputs


def reduced(run: Run) -> Graph:
    """What of its graph the run plays: the whole, or the nodes that run with those that stand already."""
    graph = Graph.model_validate(run.graph)
    if not run.part:
        return graph
    if inside := run.part.get("inside"):
        graph = body_at(graph, inside["path"])[1]
    return graph.reduced({path.rpartition("/")[2] for path in (*run.part["nodes"], *run.part["kept"])})


def within_group(run: Run, catalogue: Catalogue) -> dict[str, Any]:
    """Where a part of what stands in a group runs, and on what; nothing for any other run."""
    inside = run.part.get("inside")
    if inside is None:
        return {}
    path, body = body_at(Graph.model_validate(run.graph), inside["path"])
    return {"at": path, "given": values_given(body, inside["given"], catalogue)}


def _in_flow(
    graph: Graph, inputs: dict[str, Any], wish: Wish, earlier: Run | None, catalogue: Catalogue
) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    unchanged: set[str] = set()
    whole = _of_the_flow(earlier)
    if whole is not None:
        stored = _lent(whole, graph, catalogue)
        # Whatever begins with the run's inputs would give something else with others.
        same = not inputs or inputs == whole.inputs
        unchanged = unchanged_since(graph, _graph_of(whole)) if same else set()
    part = part_of(graph, wish.asked, stored, unchanged)
    return {"nodes": list(part.nodes), "kept": part.kept}


def _in_group(
    graph: Graph, inputs: dict[str, Any], wish: Wish, earlier: Run | None, catalogue: Catalogue
) -> dict[str, Any] | None:
    """A part of a group's body, on what the group, or the round of it, was given in the run that is built on."""
    if not wish.asked.group:
        return None
    path, body = body_at(graph, wish.asked.group)
    stored: dict[str, Any] = {}
    unchanged: set[str] = set()
    if earlier is not None:
        stored = _lent(earlier, body, catalogue, path)
        with suppress(NodeError):  # of a group that was not there yet, nothing is unchanged
            unchanged = unchanged_since(body, body_at(_graph_of(earlier), path)[1])
    part = part_of(body, wish.asked.within_group(), stored, unchanged)
    given = _given(earlier, path)
    if given is None:
        if wanted := [node.id for node in body.nodes if node.type == ENTRY and node.id in part.nodes]:
            raise NodeError(_not_given(path, wanted))
        given = {}
    values_given(body, given, catalogue)
    plain = place_of(path)
    return {
        "nodes": [f"{plain}/{node}" for node in part.nodes],
        "kept": {f"{path}/{node}": outputs for node, outputs in part.kept.items()},
        "inside": {"path": path, "given": given},
    }


def _given(earlier: Run | None, path: str) -> dict[str, Any] | None:
    """What the group's inputs carried, by name; None where the run did not come to it."""
    if earlier is None:
        return None
    inside = earlier.part.get("inside")
    if inside and inside["path"] == path:
        return inside["given"]
    begun = earlier.events.filter(type="node.started", node=path).order_by("-seq").first()
    if begun is not None:
        return begun.data["inputs"]
    return _given(_built_on(earlier), path) if inside else None


def _not_given(path: str, wanted: list[str]) -> str:
    entries = ", ".join(f"'{entry}'" for entry in wanted)
    return (
        f"This part builds on what '{path}' is given at {entries}, and nothing stands for that: run the whole flow, or all "
        f"up to the group, first, or name a run in 'reuse' that came to it."
    )


def _of_the_flow(run: Run | None) -> Run | None:
    """Where a part of a group ran last: the run that lent to it, for nothing outside the group has changed since."""
    while run is not None and run.part.get("inside"):
        run = _built_on(run)
    return run


def _built_on(run: Run) -> Run | None:
    return run.flow.runs.filter(pk=run.part["asked"].get("reuse")).first()


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


def _lent(earlier: Run, graph: Graph, catalogue: Catalogue, group: str = "") -> dict[str, Any]:
    """Outputs of the earlier run, of the flow's nodes or of a group's, that still fit the ports of their nodes."""
    before = f"{group}/" if group else ""
    there = earlier.results.filter(node_id__startswith=before) if group else earlier.results
    known = {path.removeprefix(before): outputs for path, outputs in there.values_list("node_id", "outputs")}
    lent = {}
    for spec in graph.nodes:
        if spec.id in known:
            try:
                from_json(ports_of(spec, catalogue)[1], known[spec.id])
            except NodeError:
                continue  # its settings changed so that nothing of what it gave can stand
            lent[spec.id] = known[spec.id]
    return lent
