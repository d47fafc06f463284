"""A graph made ready to run: its nodes built, their ports known, the bodies of groups as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.fit import fits
from flowbuilder.engine.graph import Graph, Mode, NodeSpec, OnError, Wire
from flowbuilder.engine.offering import only_offering
from flowbuilder.engine.ports import OFFER, SINGLE, Port, inputs_of, item_of, outputs_of
from nodes.base import Node, NodeError
from nodes.flow.call import Call
from nodes.flow.each import Each
from nodes.flow.group_input import GroupInput
from nodes.flow.group_output import GroupOutput
from nodes.flow.repeat import Repeat
from nodes.tools.tool_node import ToolNode
from nodes.types import Failure, Items

ERROR = Port("error", Failure)
"""The output that a node has where the run goes on when it fails."""
FAILURES = Port("failures", Items)
"""Of For each, where it leaves items out that failed."""
ITEM, INDEX = "item", "index"
MAX_DEPTH = 8
"""Groups in groups, and flows that call flows."""


@dataclass(frozen=True)
class Part:
    """One node of a compiled graph."""

    spec: NodeSpec
    node: Node
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    body: Compiled | None = None
    wires: list[Wire] = field(default_factory=list)
    """That lead into it, in the graph's order."""
    offers: bool = False
    """Wired at its port ``tool``."""
    only_offers: bool = False
    """Wired nowhere else: it runs when a model calls it."""

    @property
    def makes(self) -> tuple[Port, ...]:
        """Outputs of the node itself: without the port of its failure."""
        return tuple(port for port in self.outputs if port is not ERROR)


class Compiled:
    """What could be built of a graph; ``errors`` tells of the rest."""

    def __init__(self, graph: Graph, catalogue: Catalogue, depth: int = 0) -> None:
        self.parts: dict[str, Part] = {}
        self.errors: dict[str, NodeError] = {}
        self.away: set[str] = set()
        """Switched off, and so wrong in their settings that they could not be built; nobody needs them."""
        offered = {wire.source for wire in graph.wires if wire.source_port == OFFER}
        only = only_offering(graph)
        for spec in graph.nodes:
            try:
                part = _part(spec, catalogue, depth)
                if isinstance(part.node, ToolNode) and spec.id in offered:
                    part = replace(part, offers=True, only_offers=spec.id in only)
                self.parts[spec.id] = part
            except NodeError as error:
                if spec.mode is Mode.OFF:
                    self.away.add(spec.id)
                else:
                    self.errors[spec.id] = error
        self.onward: dict[str, list[Wire]] = {id_: [] for id_ in self.parts}
        for wire in graph.wires:
            if wire.target in self.parts:
                self.parts[wire.target].wires.append(wire)
            if wire.source in self.onward:
                self.onward[wire.source].append(wire)
        self.entries = {
            id_: part.node for id_, part in self.parts.items() if isinstance(part.node, GroupInput)
        }
        self.exits = {
            id_: part.node for id_, part in self.parts.items() if isinstance(part.node, GroupOutput)
        }
        self.work = [id_ for id_ in self.parts if id_ not in self.entries and id_ not in self.exits]
        """Nodes that run; the ports of a group only stand for what its own ports carry."""
        self.order = {id_: place for place, id_ in enumerate(self.work)}

    @classmethod
    def empty(cls) -> Compiled:
        """The body of a group that holds nothing yet."""
        return cls(Graph(), Catalogue({}))

    @classmethod
    def whole(cls, graph: Graph, catalogue: Catalogue) -> Compiled:
        """Compiled without an error, bodies included; else ``NodeError``."""
        compiled = cls(graph, catalogue)
        compiled.must_be_whole()
        return compiled

    def must_be_whole(self) -> None:
        for error in self.errors.values():
            raise error
        for part in self.parts.values():
            if part.body is not None and part.spec.mode is Mode.ON:
                part.body.must_be_whole()

    def at(self, path: str) -> Part:
        """The node at a path, in whichever round; ``KeyError`` where there is none."""
        first, _, rest = path.partition("/")
        part = self.parts[first.partition("[")[0]]
        if not rest:
            return part
        if part.body is None:
            raise KeyError(path)
        return part.body.at(rest)

    def group_inputs(self) -> Iterator[Port]:
        """Ports that the group has by its Group inputs, typed by what they are wired to."""
        for id_, node in self.entries.items():
            taken = self._taken_as(id_)
            yield Port(node.name, taken.type, node.required, taken.gathers, taken.keeps)

    def group_outputs(self) -> Iterator[Port]:
        """Ports that the group has by its Group outputs, typed by what is wired into them."""
        for id_, node in self.exits.items():
            types = [port.type for wire in self.parts[id_].wires if (port := self.source_port(wire))]
            type_ = types[0] if types and all(t == types[0] for t in types) else Any
            yield Port(node.name, type_, gathers=item_of(type_) is not None)

    def _taken_as(self, entry: str) -> Port:
        """The port among those that it is wired to whose type fits all others; the first where none does."""
        targets = [port for wire in self.onward[entry] if (port := self.target_port(wire))]
        typed = [port for port in targets if port.type not in {object, Any}]
        every = (one for one in typed if all(fits(replace(one, gathers=False), other) for other in typed))
        return next(every, typed[0] if typed else Port("", object))

    def source_port(self, wire: Wire) -> Port | None:
        return (
            _named(self.parts[wire.source].outputs, wire.source_port) if wire.source in self.parts else None
        )

    def target_port(self, wire: Wire) -> Port | None:
        return _named(self.parts[wire.target].inputs, wire.target_port) if wire.target in self.parts else None


def _part(spec: NodeSpec, catalogue: Catalogue, depth: int) -> Part:
    node = catalogue.build(spec)
    body = None
    if node.holds_body and spec.body is not None:
        if depth >= MAX_DEPTH:
            raise NodeError(f"Groups stand in each other at most {MAX_DEPTH} deep.")
        body = Compiled(spec.body, catalogue, depth + 1)
    inputs, outputs = _ports(node, body)
    if spec.on_error is OnError.PORT and not any(port.name == ERROR.name for port in outputs):
        outputs = (*outputs, ERROR)
    return Part(spec, node, inputs, outputs, body)


def _ports(node: Node, body: Compiled | None) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    inputs, outputs = inputs_of(node), outputs_of(node).ports
    if isinstance(node, GroupInput):
        return (), (Port(SINGLE, Any),)
    if isinstance(node, GroupOutput):
        return inputs, ()
    if body is None or isinstance(node, Call):
        return inputs, outputs
    own = {port.name for port in inputs}
    hidden = own | (
        {ITEM, INDEX} if isinstance(node, Each) else {INDEX} if isinstance(node, Repeat) else set()
    )
    inputs = (*inputs, *(port for port in body.group_inputs() if port.name not in hidden))
    outputs = tuple(body.group_outputs())
    if isinstance(node, Each):
        outputs = tuple(Port(port.name, Items) for port in outputs)
        outputs += (FAILURES,) if node.on_failure == "skip" else ()
    return inputs, outputs


def _named(ports: Iterable[Port], name: str) -> Port | None:
    return next((port for port in ports if port.name == name), None)


def ports_of(spec: NodeSpec, catalogue: Catalogue) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """Inputs and outputs of a node as it stands in a graph; ``NodeError`` where its settings are wrong."""
    part = _part(spec, catalogue, 0)
    return part.inputs, part.outputs
