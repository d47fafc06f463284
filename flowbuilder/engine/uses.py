"""Whether groups, modes, pins and ports of failure are used so that they mean something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flowbuilder.engine.compiled import ERROR, FAILURES, Compiled, Part
from flowbuilder.engine.fit import fits
from flowbuilder.engine.graph import Mode, OnError
from flowbuilder.engine.problem import Problem
from flowbuilder.engine.values import from_json
from nodes.base import NodeError
from nodes.flow.call import Call
from nodes.flow.placeholder import Placeholder
from nodes.flow.repeat import Repeat

TAKEN = {ERROR.name, FAILURES.name}
"""Outputs that a group may have besides those of its body."""


def oddities(compiled: Compiled, group: Part | None) -> Iterator[Problem]:
    """Of one graph; ``group`` is the node whose body it is."""
    for part in compiled.parts.values():
        yield from _failing(part)
        yield from _bypassed(part, compiled)
        yield from _pinned(part)
        yield from _holding(part)
        yield from _missing(part)
        if group is not None and part.node.is_reply:
            message = "A Reply ends the whole flow: it stands outside of groups. Take a Group output here."
            yield Problem(part.spec.id, "", "placement", message)
    ports = {**compiled.entries, **compiled.exits}
    if group is None:
        for node_id in ports:
            yield Problem(node_id, "", "placement", "It is the port of a group, so it stands in one.")
        return
    yield from _named_twice(compiled)
    for node_id, node in compiled.exits.items():
        if node.name in TAKEN:
            message = f"'{node.name}' is what a group gives of failures; name the output otherwise."
            yield Problem(node_id, "", "settings", message)


def _failing(part: Part) -> Iterator[Problem]:
    if part.spec.on_error is OnError.PORT and ERROR not in part.outputs:
        message = f"It has an output '{ERROR.name}' of its own, so its failure cannot go on at such a port."
        yield Problem(part.spec.id, ERROR.name, "port", message)


def _bypassed(part: Part, compiled: Compiled) -> Iterator[Problem]:
    if part.spec.mode is not Mode.BYPASS:
        return
    arriving = [port for wire in part.wires if (port := compiled.source_port(wire))]
    if not any(fits(given, port) for given in arriving for port in part.makes):
        message = (
            "It is bypassed, but nothing that is wired into it fits its outputs: what hangs on it is skipped."
        )
        yield Problem(part.spec.id, "", "bypass", message, severity="warning")


def _pinned(part: Part) -> Iterator[Problem]:
    names = [port.name for port in part.outputs]
    for name, value in (part.spec.pinned or {}).items():
        if name not in names:
            message = f"'{name}' is pinned, but the node has no such output."
            yield Problem(part.spec.id, name, "pin", message, names)
            continue
        try:
            from_json([port for port in part.outputs if port.name == name], {name: value})
        except NodeError as error:
            yield Problem(part.spec.id, name, "pin", f"What is pinned does not fit: {error}")


def _holding(part: Part) -> Iterator[Problem]:
    node, node_id = part.node, part.spec.id
    if isinstance(node, Call):
        if not node.flow:
            yield Problem(node_id, "", "unconfigured", "Setting 'flow': choose the flow that is called.")
    elif node.holds_body and (part.body is None or not part.body.work):
        yield Problem(node_id, "", "empty", "Nothing stands in it yet.", severity="warning")
    elif part.body is not None and not part.body.exits:
        message = "No Group output stands in it, so it gives nothing."
        yield Problem(node_id, "", "no-output", message, severity="warning")
    elif isinstance(node, Repeat) and part.body is not None:
        names = [exit_.name for exit_ in part.body.exits.values()]
        if node.until not in names:
            message = f"No Group output '{node.until}' stands in it: it runs all {node.rounds} rounds."
            yield Problem(node_id, "", "until", message, names, severity="warning")


def _missing(part: Part) -> Iterator[Problem]:
    if isinstance(part.node, Placeholder):
        yield Problem(part.spec.id, "", "placeholder", part.node.told, severity="warning")


def _named_twice(compiled: Compiled) -> Iterator[Problem]:
    for ports, what in ((compiled.entries, "Group inputs"), (compiled.exits, "Group outputs")):
        counts = Counter(node.name for node in ports.values())
        for node_id, node in ports.items():
            if counts[node.name] > 1:
                yield Problem(node_id, "", "duplicate", f"Two {what} have the name '{node.name}'.")
