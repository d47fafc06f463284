"""Says what is wrong with a graph: the node, the port, the reason, and what would fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.fit import fits, refusal
from flowbuilder.engine.graph import Graph, Wire, find_cycle
from flowbuilder.engine.offering import only_offering
from flowbuilder.engine.ports import Port, inputs_of, outputs_of, type_name
from nodes.base import Node, NodeError
from nodes.tools.tool_node import ToolNode

MOST_FITTING = 20
"""Longer lists help nobody, and a graph of nothing but loose ends would make an answer of 100 MB."""


@dataclass(frozen=True)
class Problem:
    """``node`` is empty for a problem of the whole graph; a warning does not stop a run."""

    node: str
    port: str
    code: str
    message: str
    fits: list[str] = field(default_factory=list)
    severity: str = "error"


@dataclass(frozen=True)
class Known:
    """A node that could be built, with its ports by name."""

    node: Node
    inputs: dict[str, Port]
    outputs: dict[str, Port]


def problems(graph: Graph, catalogue: Catalogue) -> list[Problem]:
    """Every problem, errors first. An empty list means that a run can start."""
    known: dict[str, Known] = {}
    found = [*_nodes(graph, catalogue, known)]
    found += _wires(graph, known)
    found += _missing(graph, known)
    found += _cycle(graph)
    found += _ends(graph, catalogue)
    return sorted(found, key=lambda problem: problem.severity)


def _nodes(graph: Graph, catalogue: Catalogue, known: dict[str, Known]) -> Iterator[Problem]:
    seen: set[str] = set()
    for spec in graph.nodes:
        if spec.id in seen:
            yield Problem(spec.id, "", "duplicate", f"Two nodes have the id '{spec.id}'.")
        seen.add(spec.id)
        try:
            node = catalogue.build(spec)
        except NodeError as error:
            code = "settings" if spec.type in catalogue.kinds else "unknown-type"
            yield Problem(
                spec.id, "", code, str(error), [] if code == "settings" else sorted(catalogue.kinds)
            )
            continue
        inputs = {port.name: port for port in inputs_of(node)}
        outputs = {port.name: port for port in outputs_of(node).ports}
        known[spec.id] = Known(node, inputs, outputs)


def _wires(graph: Graph, known: dict[str, Known]) -> Iterator[Problem]:
    ids = {spec.id for spec in graph.nodes}
    for wire in graph.wires:
        for end in (wire.source, wire.target):
            if end not in ids:
                yield Problem(
                    "", "", "wire", f"Wire '{wire.id}' hangs on '{end}', which is not in the graph."
                )
        if wire.source in known and wire.target in known:
            yield from _wire(wire, known[wire.source], known[wire.target])


def _wire(wire: Wire, source: Known, target: Known) -> Iterator[Problem]:
    output, takes = source.outputs.get(wire.source_port), target.inputs.get(wire.target_port)
    if output is None:
        message = f"'{wire.source}' has no output '{wire.source_port}'."
        yield Problem(wire.source, wire.source_port, "port", message, list(source.outputs))
    if takes is None:
        message = f"'{wire.target}' has no input '{wire.target_port}'."
        yield Problem(wire.target, wire.target_port, "port", message, list(target.inputs))
    if output and takes and not fits(output, takes):
        would = [port.name for port in target.inputs.values() if fits(output, port)]
        yield Problem(wire.target, wire.target_port, "type", refusal(output, takes), would)


def _missing(graph: Graph, known: dict[str, Known]) -> Iterator[Problem]:
    wired = {(wire.target, wire.target_port) for wire in graph.wires}
    offering = only_offering(graph)
    offers = [(node_id, port) for node_id, entry in known.items() for port in entry.outputs.values()]
    fitting: dict[tuple[Any, bool], list[tuple[str, str]]] = {}
    for node_id, entry in known.items():
        if node_id in offering and isinstance(entry.node, ToolNode):
            continue
        for port in entry.inputs.values():
            if port.required and (node_id, port.name) not in wired:
                takes = (port.type, port.gathers)
                if takes not in fitting:
                    fits_it = ((other, made) for other, made in offers if fits(made, port))
                    fitting[takes] = [(other, f"{other}.{made.name}") for other, made in fits_it]
                would = islice((name for other, name in fitting[takes] if other != node_id), MOST_FITTING)
                message = f"Input '{port.name}' ({type_name(port.type)}) is not connected."
                yield Problem(node_id, port.name, "unconnected", message, list(would))


def _cycle(graph: Graph) -> Iterator[Problem]:
    cycle = find_cycle((node.id for node in graph.nodes), graph.wires)
    if cycle:
        message = (
            f"These nodes wait for each other: {' → '.join([*cycle, cycle[0]])}. Remove one of the wires."
        )
        yield Problem(cycle[0], "", "cycle", message)


def _ends(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    if not graph.nodes:
        yield Problem("", "", "empty", "The flow has no nodes yet.")
        return
    replies = [node.id for node in graph.nodes if catalogue.aliases.get(node.type, node.type) == "flow.reply"]
    if not replies:
        yield Problem(
            "", "", "no-reply", "No Reply node: the flow runs but answers nothing.", severity="warning"
        )
        return
    sources = defaultdict(list)
    for wire in graph.wires:
        sources[wire.target].append(wire.source)
    reached, edge = set(replies), replies
    while edge := [source for target in edge for source in sources.pop(target, ())]:
        reached.update(edge)
    for node in graph.nodes:
        if node.id not in reached:
            message = "Nothing that this node makes reaches the Reply."
            yield Problem(node.id, "", "unreachable", message, severity="warning")
