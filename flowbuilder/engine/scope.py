"""One graph that is being run: the flow itself, what stands in a group, or one round of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flowbuilder.engine.compiled import Compiled, Part
from flowbuilder.engine.fit import fits
from flowbuilder.engine.ports import SINGLE, Port
from flowbuilder.engine.values import as_input, from_json
from nodes.base import NodeError


class Scope:
    """Values by node, and what follows from them. Knows nothing of tasks, events or other scopes."""

    def __init__(
        self, path: str, graph: Compiled, inputs: Mapping[str, Any], given: Mapping[str, Any] | None = None
    ) -> None:
        self.path = path
        """Of the group or the round that it belongs to; empty for the flow itself."""
        self.graph = graph
        self.inputs = inputs
        """What the run, or the called flow, was started with."""
        self.values: dict[str, dict[str, Any]] = {
            entry: {SINGLE: (given or {}).get(node.name)} for entry, node in graph.entries.items()
        }
        self.values |= {node_id: {} for node_id in graph.away}
        self.left = dict.fromkeys(graph.work)
        """Nodes without a value yet, in the graph's order."""
        self.fresh = set(graph.work)
        """Of those, what was not looked at since something before it got its value."""
        self.reply: str | None = None

    def path_of(self, node_id: str) -> str:
        return f"{self.path}/{node_id}" if self.path else node_id

    def restore(self, stored: Mapping[str, Mapping[str, Any]]) -> None:
        """Take outputs that earlier lives stored, by path."""
        for node_id in self.graph.work:
            if (outputs := stored.get(self.path_of(node_id))) is not None:
                self.settle(node_id, from_json(self.graph.parts[node_id].outputs, outputs))

    def settle(self, node_id: str, values: dict[str, Any]) -> None:
        self.values[node_id] = values
        self.left.pop(node_id, None)
        self.fresh.update(wire.target for wire in self.graph.onward[node_id])
        if self.graph.parts[node_id].node.is_reply and (text := values.get(SINGLE)) is not None:
            self.reply = str(text)

    @property
    def over(self) -> bool:
        return not self.left

    def over_with(self, node_ids: set[str]) -> bool:
        return len(self.left) <= len(node_ids) and self.left.keys() <= node_ids

    def ready(self) -> list[Part]:
        """Nodes behind which everything has got its value since this was asked before, in the graph's order."""
        fresh, self.fresh = self.fresh, set()
        found = [node_id for node_id in fresh if node_id in self.left and self._settled(node_id)]
        return [self.graph.parts[node_id] for node_id in sorted(found, key=self.graph.order.__getitem__)]

    def _settled(self, node_id: str) -> bool:
        parts, away = self.graph.parts, self.graph.away
        wires = self.graph.parts[node_id].wires
        return all(w.source in self.values for w in wires if w.source in parts or w.source in away)

    def gather(self, part: Part) -> tuple[dict[str, Any], str]:
        """Values by input, and the name of a required input at which nothing arrives (else empty).

        A value comes as its port takes it where that can be; ``perform`` says of the rest what is wrong.
        """
        given: dict[str, Any] = {}
        for port in part.inputs:
            taken = list(self._arriving(part, port))
            if taken and port.gathers:
                given[port.name] = [one for made, value in taken for one in _each(made, value, port)]
            elif taken:
                given[port.name] = taken[0][1]
            elif port.required and not part.only_offers:
                return {}, port.name
        return given, ""

    def cut_off(self, part: Part) -> bool:
        """Whether nothing arrives at a required input although something is wired to it."""
        wired = {wire.target_port for wire in part.wires}
        ports = (port for port in part.inputs if port.required and port.name in wired)
        return any(next(self._arriving(part, port), None) is None for port in ports)

    def bypass(self, part: Part) -> dict[str, Any]:
        """For each output the first value that arrives and whose type fits it."""
        passed: dict[str, Any] = {}
        arriving = [found for port in part.inputs for found in self._arriving(part, port)]
        for output in part.makes:
            fitting = (_passed(value, output) for made, value in arriving if fits(made, output))
            passed[output.name] = next((value for value in fitting if value is not None), None)
        return passed

    def _arriving(self, part: Part, port: Port) -> Iterator[tuple[Port, Any]]:
        """(output, value) at an input, in the order of its wires."""
        for wire in part.wires:
            value = self.values.get(wire.source, {}).get(wire.source_port)
            source = self.graph.source_port(wire)
            if wire.target_port == port.name and value is not None and source is not None:
                yield source, value

    def outputs(self) -> dict[str, Any]:
        """What arrives at the Group outputs, by their names."""
        found: dict[str, Any] = {}
        for exit_id, node in self.graph.exits.items():
            part = self.graph.parts[exit_id]
            found[node.name] = next((value for _, value in self._arriving(part, part.inputs[0])), None)
        return found


def _passed(value: Any, output: Port) -> Any:
    """None where a value of any kind turns out to be none of the output's."""
    try:
        return as_input(value, output)
    except NodeError:
        return None


def _each(made: Port, value: Any, port: Port) -> list[Any]:
    """An output that gives several at once gives each of them to a port that gathers."""
    return list(value) if made.gathers and made.type != port.type else [value]


def as_inputs(part: Part, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the node's ports take them; ``NodeError`` names the port where one cannot be."""
    taken: dict[str, Any] = {}
    for port in part.inputs:
        if port.name in given:
            value = given[port.name]
            taken[port.name] = (
                [as_input(one, port) for one in value] if port.gathers else as_input(value, port)
            )
    return taken
