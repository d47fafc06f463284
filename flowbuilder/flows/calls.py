"""The flows that a flow calls, looked up before it runs: each stands as a body in the node that calls it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from flowbuilder.engine.compiled import MAX_DEPTH
from flowbuilder.engine.graph import MAX_NODES, Graph, Mode, NodeSpec
from flowbuilder.engine.problem import Problem
from flowbuilder.engine.validate import problems
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from nodes.flow.call import Call


@dataclass
class Calls:
    """Looks up for one run, or one check, of one flow."""

    workspace_id: uuid.UUID
    live: bool
    """What is published calls what is published; a draft calls drafts."""
    problems: list[Problem] = field(default_factory=list)
    seen: int = 0
    """Nodes of all bodies so far: ten flows that call each ten others are soon more than a run may have."""

    def put_in(self, graph: Graph, chain: tuple[Flow, ...], path: str = "") -> Graph:
        nodes = tuple(self._node(node, chain, f"{path}{node.id}") for node in graph.nodes)
        return graph.model_copy(update={"nodes": nodes})

    def _node(self, node: NodeSpec, chain: tuple[Flow, ...], path: str) -> NodeSpec:
        if not is_call(node):
            body = node.body and self.put_in(node.body, chain, f"{path}/")
            return node.model_copy(update={"body": body}) if body else node
        body = (
            None if node.mode is Mode.OFF else self._called(str(node.settings.get("flow", "")), chain, path)
        )
        return node.model_copy(update={"body": body})

    def _called(self, name: str, chain: tuple[Flow, ...], path: str) -> Graph | None:
        if not name:
            return None  # the check of the graph says so
        found = named(self.workspace_id, name)
        if len(found) != 1:
            how = "There are several flows" if found else "There is no flow"
            return self._refuse(path, f"{how} '{name}' in this workspace; choose one by its slug.")
        flow = found[0]
        if flow in chain:
            names = [known.name for known in (*chain[chain.index(flow) :], flow)]
            return self._refuse(path, f"These flows call each other without end: {' → '.join(names)}.")
        if len(chain) >= MAX_DEPTH:
            return self._refuse(path, f"Flows call each other at most {MAX_DEPTH} deep.")
        graph = graph_of(flow, live=self.live)
        if graph is None:
            return self._refuse(path, f"'{flow.name}' is called, but no version of it is live yet.")
        self.seen += len(graph.nodes)
        if self.seen > MAX_NODES:
            return self._refuse(path, f"With the flows that it calls it has more than {MAX_NODES} nodes.")
        whole = self.put_in(graph, (*chain, flow), f"{path}/")
        wrong = next((known for known in problems(whole, catalogue()) if known.severity == "error"), None)
        if wrong is not None:
            return self._refuse(path, f"'{flow.name}' cannot run: {wrong.node or 'flow'}: {wrong.message}")
        return whole

    def _refuse(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, "", "call", message))


def with_called(
    graph: Graph, *, workspace_id: uuid.UUID, flow: Flow | None, live: bool
) -> tuple[Graph, list[Problem]]:
    """The graph with every called flow in its place, and what is wrong with the calls."""
    calls = Calls(workspace_id, live)
    return calls.put_in(graph, (flow,) if flow else ()), calls.problems


def checked(
    graph: Graph, *, workspace_id: uuid.UUID, flow: Flow | None, live: bool = False
) -> tuple[Graph, list[Problem]]:
    """The graph with every called flow in its place, and everything that is wrong with it, errors first."""
    whole, wrong = with_called(graph, workspace_id=workspace_id, flow=flow, live=live)
    return whole, sorted([*wrong, *problems(whole, catalogue())], key=lambda problem: problem.severity)


def without_called(graph: Graph) -> Graph:
    """The graph as it is drawn: a flow that is called stands in no draft, and is not shown to whoever sees but one flow."""
    nodes = []
    for node in graph.nodes:
        body = None if is_call(node) else node.body and without_called(node.body)
        nodes.append(node.model_copy(update={"body": body}))
    return graph.model_copy(update={"nodes": tuple(nodes)})


def is_call(node: NodeSpec) -> bool:
    return catalogue().kinds.get(catalogue().named(node.type)) is Call


def named(workspace_id: uuid.UUID, name: str) -> list[Flow]:
    """Flows of the workspace with this id, slug or name; what is closest to being one of a kind goes first."""
    flows = Flow.objects.filter(workspace_id=workspace_id).select_related("published_version")
    try:
        return list(flows.filter(pk=uuid.UUID(name)))
    except ValueError:
        return list(flows.filter(slug=name)) or list(flows.filter(name=name)[:2])


def graph_of(flow: Flow, *, live: bool) -> Graph | None:
    """What is called of it; None where nothing is published."""
    if not live:
        return Graph.model_validate(flow.graph)
    return Graph.model_validate(flow.published_version.graph) if flow.published_version else None
