"""Says what is wrong with a graph: the node, the port, the reason, and what would fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.compiled import Compiled, Part
from flowbuilder.engine.fit import fits, refusal
from flowbuilder.engine.graph import MAX_NODES, Graph, Mode, Wire, find_cycle
from flowbuilder.engine.ports import Port, type_name
from flowbuilder.engine.problem import Problem
from flowbuilder.engine.uses import oddities
from nodes.flow.call import Call
from nodes.flow.reply import Reply

MOST_FITTING = 20
"""Longer lists help nobody, and a graph of nothing but loose ends would make an answer of 100 MB."""
NEVER_IN_A_PATH = "/[]"


def problems(graph: Graph, catalogue: Catalogue) -> list[Problem]:
    """Every problem, errors first. An empty list means that a run can start. Inside a group ``node`` is a path."""
    if (count := sum(1 for _ in graph.everything())) > MAX_NODES:
        message = f"The flow has {count} nodes with those in its groups; at most {MAX_NODES} run."
        return [Problem("", "", "size", message)]
    found = [*_level(graph, Compiled(graph, catalogue), catalogue), *_ends(graph, catalogue)]
    return sorted(found, key=lambda problem: problem.severity)


def _level(
    graph: Graph, compiled: Compiled, catalogue: Catalogue, *, group: Part | None = None
) -> Iterator[Problem]:
    """Of one graph and of what stands in its groups."""
    yield from _nodes(graph, compiled, catalogue)
    yield from _wires(graph, compiled)
    yield from _missing(graph, compiled)
    yield from _cycle(graph)
    yield from oddities(compiled, group)
    for part in compiled.parts.values():
        inner, body = part.spec.body, part.body
        # What is called is a flow of its own, with problems of its own.
        if inner is None or body is None or part.spec.mode is Mode.OFF or isinstance(part.node, Call):
            continue
        for problem in _level(inner, body, catalogue, group=part):
            yield replace(problem, node=f"{part.spec.id}/{problem.node}" if problem.node else part.spec.id)


def _nodes(graph: Graph, compiled: Compiled, catalogue: Catalogue) -> Iterator[Problem]:
    seen: set[str] = set()
    for spec in graph.nodes:
        if spec.id in seen:
            yield Problem(spec.id, "", "duplicate", f"Two nodes have the id '{spec.id}'.")
        seen.add(spec.id)
        if any(sign in spec.id for sign in NEVER_IN_A_PATH):
            yield Problem(
                spec.id, "", "id", f"The id '{spec.id}' has one of / [ ] in it, which part the ids of groups."
            )
        if error := compiled.errors.get(spec.id):
            code = "settings" if catalogue.knows(spec.type) else "unknown-type"
            kinds = [] if code == "settings" else sorted(catalogue.kinds)
            yield Problem(spec.id, "", code, str(error), kinds)


def _wires(graph: Graph, compiled: Compiled) -> Iterator[Problem]:
    ids = {spec.id for spec in graph.nodes}
    for wire in graph.wires:
        for end in (wire.source, wire.target):
            if end not in ids:
                yield Problem(
                    "", "", "wire", f"Wire '{wire.id}' hangs on '{end}', which is not in the graph."
                )
        if wire.source in compiled.parts and wire.target in compiled.parts:
            yield from _wire(wire, compiled.parts[wire.source], compiled.parts[wire.target])


def _wire(wire: Wire, source: Part, target: Part) -> Iterator[Problem]:
    outputs = {port.name: port for port in source.outputs}
    inputs = {port.name: port for port in target.inputs}
    output, takes = outputs.get(wire.source_port), inputs.get(wire.target_port)
    if output is None:
        message = f"'{wire.source}' has no output '{wire.source_port}'."
        if wire.source_port == "error":
            message += " It has one once its failure goes on at a port ('on_error')."
        yield Problem(wire.source, wire.source_port, "port", message, list(outputs))
    if takes is None:
        message = f"'{wire.target}' has no input '{wire.target_port}'."
        yield Problem(wire.target, wire.target_port, "port", message, list(inputs))
    if output and takes and not fits(output, takes):
        would = [port.name for port in inputs.values() if fits(output, port)]
        yield Problem(wire.target, wire.target_port, "type", refusal(output, takes), would)


def _missing(graph: Graph, compiled: Compiled) -> Iterator[Problem]:
    wired = {(wire.target, wire.target_port) for wire in graph.wires}
    offers = [(node_id, port) for node_id, part in compiled.parts.items() for port in part.outputs]
    fitting: dict[tuple[Any, bool], list[tuple[str, str]]] = {}
    for node_id, port in _needed(compiled):
        if (node_id, port.name) not in wired:
            takes = (port.type, port.gathers)
            if takes not in fitting:
                fits_it = ((other, made) for other, made in offers if fits(made, port))
                fitting[takes] = [(other, f"{other}.{made.name}") for other, made in fits_it]
            would = islice((name for other, name in fitting[takes] if other != node_id), MOST_FITTING)
            message = f"Input '{port.name}' ({type_name(port.type)}) is not connected."
            yield Problem(node_id, port.name, "unconnected", message, list(would))


def _needed(compiled: Compiled) -> Iterator[tuple[str, Port]]:
    """Inputs without which a node cannot run, of nodes that do."""
    for node_id, part in compiled.parts.items():
        if part.spec.mode is Mode.ON and part.spec.pinned is None and not part.only_offers:
            yield from ((node_id, port) for port in part.inputs if port.required)


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
    replies = [node.id for node in graph.nodes if catalogue.kinds.get(catalogue.named(node.type)) is Reply]
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
