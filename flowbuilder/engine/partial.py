"""Which nodes run when part of a graph does, and whose outputs of an earlier run stand for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flowbuilder.engine.graph import Graph, Mode, NodeSpec
from flowbuilder.engine.inside import ENTRY
from nodes.base import NodeError

Stored = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Asked:
    """At most one of these is set; none asks for the whole graph."""

    only: str = ""
    """This node alone."""
    until: str = ""
    """This node and what it needs."""
    start_from: str = ""
    """This node and all that hangs on it."""

    @property
    def node(self) -> str:
        return self.only or self.until or self.start_from

    @property
    def group(self) -> str:
        """Path of the group that the node stands in; empty for one of the flow itself."""
        return self.node.rpartition("/")[0]

    def within_group(self) -> Asked:
        """The same of the group's body alone."""
        return Asked(*(asked.rpartition("/")[2] for asked in (self.only, self.until, self.start_from)))


@dataclass(frozen=True)
class Part:
    nodes: tuple[str, ...]
    """That run, in the graph's order."""
    kept: dict[str, Mapping[str, Any]]
    """Node -> stored outputs that stand for running it."""


def part_of(graph: Graph, asked: Asked, stored: Stored, unchanged: set[str]) -> Part:
    """Which nodes run. ``stored``: outputs of the run that is built on; ``unchanged``: nodes that would give them again.

    A whole run and one up to a node keep only what is unchanged. Where somebody names the node to begin at, or the only
    one, what stands before it is taken as it was. Group inputs never run: in a group's body they have what the group
    was given. ``NodeError`` names what nothing stands for.
    """
    _must_stand_in(graph, asked.node)
    before, after = _neighbours(graph)
    if asked.only:
        wanted, kept_from = {asked.only}, set(stored)
    elif asked.start_from:
        wanted, kept_from = _reached([asked.start_from], after), set(stored)
    else:
        kept_from = (unchanged & set(stored)) - {asked.until}
        ends = [asked.until] if asked.until else [node.id for node in graph.nodes]
        wanted = _back_to(graph, ends, before, kept_from)
    loose = {node.id for node in graph.nodes if _stands_by_itself(node)}
    needed = {source for node in wanted - loose for source in before[node]} - wanted
    if missing := sorted(needed - kept_from - loose):
        raise NodeError(_lacking(asked, missing))
    nodes = wanted | (needed - kept_from)
    shown = _reached(list(wanted), before) if asked.node else {node.id for node in graph.nodes}
    kept = {node: stored[node] for node in shown & kept_from if node not in nodes}
    return Part(tuple(node.id for node in graph.nodes if node.id in nodes), kept)


def unchanged_since(graph: Graph, before: Graph) -> set[str]:
    """Nodes that do what they did, on what they were given: they and all before them are as they were."""
    old = {node.id: node.work() for node in before.nodes}
    same = {node.id for node in graph.nodes if old.get(node.id) == node.work()}
    same = {node for node in same if _wires_into(graph, node) == _wires_into(before, node)}
    _, after = _neighbours(graph)
    return same - _reached([node.id for node in graph.nodes if node.id not in same], after)


def changed_at(paths: Iterable[str], graph: Graph, before: Graph) -> list[str]:
    """Those of the finished nodes that would not do now what they have done; a round of a group is all of its body."""
    return sorted({at for path in paths if (at := _changed(path.split("/"), graph, before))})


def _changed(steps: list[str], graph: Graph, before: Graph) -> str:
    node_id, is_round, _ = steps[0].partition("[")
    now, then = ({node.id: node for node in known.nodes}.get(node_id) for known in (graph, before))
    if now is None or then is None or _wires_into(graph, node_id) != _wires_into(before, node_id):
        return node_id
    if len(steps) == 1 or is_round:
        return "" if now.work() == then.work() else node_id
    if now.body is None or then.body is None:
        return node_id
    inner = _changed(steps[1:], now.body, then.body)
    return f"{node_id}/{inner}" if inner else ""


def _wires_into(graph: Graph, node: str) -> list[tuple[str, str, str]]:
    return [(wire.source, wire.source_port, wire.target_port) for wire in graph.into(node)]


def _must_stand_in(graph: Graph, node: str) -> None:
    if not node or any(known.id == node for known in graph.nodes):
        return
    there = ", ".join(known.id for known in graph.nodes[:20]) or "none"
    raise NodeError(f"There is no node '{node}' in the flow. Nodes: {there}.")


def _stands_by_itself(node: NodeSpec) -> bool:
    return node.mode is Mode.OFF or node.pinned is not None or node.type == ENTRY


def _lacking(asked: Asked, missing: list[str]) -> str:
    names = ", ".join(f"'{node}'" for node in missing[:10])
    return (
        f"'{asked.node}' builds on {names}, and nothing stands for that: run the whole flow or all up to '{asked.node}' "
        f"first, pin the outputs, or name a run in 'reuse' in which it finished."
    )


def _neighbours(graph: Graph) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    before: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    after: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for wire in graph.wires:
        if wire.source in after and wire.target in before:
            before[wire.target].add(wire.source)
            after[wire.source].add(wire.target)
    return before, after


def _reached(edge: list[str], onward: Mapping[str, set[str]]) -> set[str]:
    """These and all that they lead to."""
    reached = set(edge)
    while edge := [target for node in edge for target in onward[node] if target not in reached]:
        reached.update(edge)
    return reached


def _back_to(graph: Graph, ends: list[str], before: Mapping[str, set[str]], kept: set[str]) -> set[str]:
    """What has to run for these: back to what stands already."""
    pinned = {node.id for node in graph.nodes if node.pinned is not None}
    edge = [node for node in ends if node not in kept]
    wanted = set(edge)
    while edge := [
        source
        for node in edge
        if node not in pinned
        for source in before[node]
        if source not in kept and source not in wanted
    ]:
        wanted.update(edge)
    return wanted
