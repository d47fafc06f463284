"""A graph as it is saved: nodes with settings, wires between ports, notes beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MAX_NODES = 2000
LONGEST_PATH = 800
"""Of a node in groups (``each_1[3]/prompt_2``), each id in it at its longest."""
LOOKS = {"label", "position", "breakpoint"}
"""Fields of a node that change nothing of what it does."""


class Saved(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Position(Saved):
    x: float = 0
    y: float = 0


class Size(Saved):
    width: float = 240
    height: float = 120


class Mode(StrEnum):
    """Whether a node takes part."""

    ON = "on"
    OFF = "off"
    """Its outputs are untaken, so what hangs on it alone is skipped."""
    BYPASS = "bypass"
    """Each output gives the first input whose type fits it."""


class OnError(StrEnum):
    STOP = "stop"
    """The run fails."""
    PORT = "port"
    """The run goes on at the node's port ``error``."""


class NodeSpec(Saved):
    """One node on the canvas."""

    id: str = Field(min_length=1, max_length=80)
    type: str = Field(max_length=200)
    """Module path below the node package, for example ``text.prompt``."""
    version: int = 1
    """The settings version it was saved with."""
    label: str = ""
    settings: dict[str, Any] = Field(default_factory=dict)
    position: Position = Position()
    mode: Mode = Mode.ON
    on_error: OnError = OnError.STOP
    breakpoint: bool = False
    """A run of the draft stops before this node."""
    pinned: dict[str, Any] | None = None
    """Outputs that a run of the draft takes in place of running the node; what is published has none."""
    body: Graph | None = None
    """Of a group: what stands in it."""

    def finished(self) -> NodeSpec:
        body = self.body and self.body.finished()
        return self.model_copy(update={"pinned": None, "breakpoint": False, "body": body})

    def work(self) -> tuple[Any, ...]:
        """All that decides what the node does."""
        return self.model_dump(exclude=LOOKS | {"body"}), self.body and self.body._work()


class Wire(Saved):
    """From an output port to an input port."""

    id: str = Field(max_length=200)
    source: str = Field(max_length=80)
    source_port: str = Field("out", max_length=200)
    target: str = Field(max_length=80)
    target_port: str = Field(max_length=200)


class Colour(StrEnum):
    PLAIN = "plain"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"
    RED = "red"


class Note(Saved):
    """A Markdown note on the canvas; the engine ignores it."""

    id: str
    text: str = ""
    position: Position = Position()
    size: Size = Size()
    colour: Colour = Colour.PLAIN


class Frame(Saved):
    """A titled box around nodes; what stands in it moves with it. The engine ignores it."""

    id: str = Field(min_length=1, max_length=80)
    title: str = Field("", max_length=200)
    position: Position = Position()
    size: Size = Size()
    colour: Colour = Colour.PLAIN


class Graph(Saved):
    """A flow's graph. Building one checks its form; ``validate.problems`` checks its sense."""

    nodes: tuple[NodeSpec, ...] = Field(default=(), max_length=MAX_NODES)
    wires: tuple[Wire, ...] = Field(default=(), max_length=4 * MAX_NODES)
    notes: tuple[Note, ...] = Field(default=(), max_length=MAX_NODES)
    frames: tuple[Frame, ...] = Field(default=(), max_length=MAX_NODES)

    def node(self, path: str) -> NodeSpec:
        """By its id, or inside groups by its path in whichever round; ``KeyError`` where there is none."""
        first, _, rest = path.partition("/")
        first = first.partition("[")[0]
        found = next((node for node in self.nodes if node.id == first), None)
        if found is None or (rest and found.body is None):
            raise KeyError(path)
        return found.body.node(rest) if rest and found.body else found

    def into(self, path: str) -> list[Wire]:
        """Wires that lead to a node; inside a group their ends are paths as well."""
        group, _, node_id = path.rpartition("/")
        if not group:
            return [wire for wire in self.wires if wire.target == node_id]
        body = self.node(group).body
        inner = body.into(node_id) if body else []
        return [
            wire.model_copy(update={"source": f"{group}/{wire.source}", "target": path}) for wire in inner
        ]

    def behind(self, path: str) -> list[str]:
        """Nodes to which wires lead from a node; inside a group by their paths."""
        group, _, node_id = path.rpartition("/")
        body = self.node(group).body if group else self
        wires = body.wires if body else ()
        before = f"{group}/" if group else ""
        return [f"{before}{wire.target}" for wire in wires if wire.source == node_id]

    def replaced(self, path: str, spec: NodeSpec) -> Graph:
        """The graph with another node at a path."""
        first, _, rest = path.partition("/")
        nodes = []
        for node in self.nodes:
            if node.id == first:
                inner = node.body.replaced(rest, spec) if rest and node.body else None
                node = node.model_copy(update={"body": inner}) if rest else spec
            nodes.append(node)
        return self.model_copy(update={"nodes": tuple(nodes)})

    def everything(self) -> Iterator[tuple[str, NodeSpec]]:
        """(path, node) of all nodes, those that stand in groups as well."""
        for node in self.nodes:
            yield node.id, node
            if node.body is not None:
                yield from ((f"{node.id}/{path}", inner) for path, inner in node.body.everything())

    def reduced(self, ids: Collection[str]) -> Graph:
        """These nodes, and the wires between them."""
        wires = tuple(wire for wire in self.wires if wire.source in ids and wire.target in ids)
        return self.model_copy(
            update={"nodes": tuple(node for node in self.nodes if node.id in ids), "wires": wires}
        )

    def finished(self) -> Graph:
        """As it is published: without pins and breakpoints."""
        return self.model_copy(update={"nodes": tuple(node.finished() for node in self.nodes)})

    def runs_like(self, other: Graph) -> bool:
        """Whether only looks differ: labels, positions, notes."""
        return self._work() == other._work()

    def _work(self) -> tuple[dict[str, Any], set[tuple[str, ...]]]:
        nodes = {node.id: node.work() for node in self.nodes}
        return nodes, {(wire.source, wire.source_port, wire.target, wire.target_port) for wire in self.wires}


def nodes_within(graph: dict[str, Any], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, node) of a graph as it is saved, with those that stand in groups."""
    for node in graph.get("nodes", []):
        path = f"{before}{node['id']}"
        yield path, node
        if node.get("body"):
            yield from nodes_within(node["body"], f"{path}/")


def find_cycle(node_ids: Iterable[str], wires: Iterable[Wire]) -> list[str]:
    """Ids of one cycle in order, empty when there is none (Kahn 1962: what cannot be peeled off holds one)."""
    left = set(node_ids)
    known = [(wire.source, wire.target) for wire in wires if wire.source in left and wire.target in left]
    before: dict[str, set[str]] = {node: set() for node in left}
    after: dict[str, set[str]] = {node: set() for node in left}
    for source, target in known:
        before[target].add(source)
        after[source].add(target)
    free = [node for node in left if not before[node]]
    while free:
        node = free.pop()
        left.discard(node)
        for target in after[node]:
            before[target].discard(node)
            if not before[target]:
                free.append(target)
    if not left:
        return []
    # Every node left has a predecessor that is left: walking back must meet itself.
    path = [min(left)]
    while True:
        previous = min(before[path[-1]] & left)
        if previous in path:
            cycle = list(reversed(path[path.index(previous) :]))
            start = cycle.index(min(cycle))
            return cycle[start:] + cycle[:start]
        path.append(previous)
