"""How often, with what, and until when the body of a group runs: once, for each item, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowbuilder.engine.compiled import FAILURES, INDEX, ITEM, Part
from flowbuilder.engine.values import to_json
from nodes.base import NodeError
from nodes.flow.call import Call
from nodes.flow.each import Each
from nodes.flow.repeat import Repeat
from nodes.listing import listed
from nodes.types import Failure, Items, Value


@dataclass(frozen=True)
class Round:
    """One time that the body runs."""

    number: int | None
    """From 0; None where it runs but once."""
    given: Mapping[str, Any]
    """By Group input."""
    inputs: Mapping[str, Any] | None = None
    """What a called flow is run with; None: as the run that it stands in."""


class Rounds:
    """``next`` gives what may begin now, ``take`` is told what a round gave; ``outcome`` is there once all is over."""

    skips = False
    """Whether it goes on without a round that fails."""

    def next(self) -> list[Round]:
        raise NotImplementedError

    def take(self, number: int, outputs: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def leave_out(self, number: int, failure: Failure) -> None:
        self.take(number, {})

    @property
    def outcome(self) -> dict[str, Any] | None:
        raise NotImplementedError


class Once(Rounds):
    """A group, and a flow that is called."""

    def __init__(self, given: Mapping[str, Any], inputs: Mapping[str, Any] | None) -> None:
        self.left = [Round(None, given, inputs)]
        self.gave: dict[str, Any] | None = None

    def next(self) -> list[Round]:
        rounds, self.left = self.left, []
        return rounds

    def take(self, number: int, outputs: Mapping[str, Any]) -> None:
        self.gave = dict(outputs)

    @property
    def outcome(self) -> dict[str, Any] | None:
        return self.gave


class EachItem(Rounds):
    """At most ``at_once`` rounds at a time, begun in the items' order."""

    def __init__(self, node: Each, ports: list[str], given: Mapping[str, Any]) -> None:
        self.node = node
        self.ports = ports
        self.skips = node.on_failure == "skip"
        self.others = given
        self.items = listed(given["items"])
        self.begun = 0
        self.active = 0
        self.done: dict[int, Mapping[str, Any]] = {}
        self.failures: dict[int, Failure] = {}

    def next(self) -> list[Round]:
        rounds = []
        while self.begun < len(self.items) and self.active < self.node.at_once:
            number, item = self.begun, self.items[self.begun]
            rounds.append(Round(number, {**self.others, ITEM: item, INDEX: number}))
            self.begun += 1
            self.active += 1
        return rounds

    def take(self, number: int, outputs: Mapping[str, Any]) -> None:
        self.active -= 1
        self.done[number] = outputs

    def leave_out(self, number: int, failure: Failure) -> None:
        self.take(number, {})
        self.failures[number] = failure

    @property
    def outcome(self) -> dict[str, Any] | None:
        if len(self.done) < len(self.items):
            return None
        in_order = [self.done[number] for number in range(len(self.items))]
        found: dict[str, Any] = {
            name: Items(items=tuple(value for one in in_order if (value := one.get(name)) is not None))
            for name in self.ports
        }
        if self.skips:
            failures = tuple(self.failures[number] for number in sorted(self.failures))
            found[FAILURES.name] = Items(items=failures) if failures else None
        return found


class Again(Rounds):
    """One round after the other, until one is enough or there were as many as may be."""

    def __init__(self, node: Repeat, given: Mapping[str, Any]) -> None:
        self.node = node
        self.given = dict(given)
        self.latest: dict[str, Any] = {}
        self.number = 0
        self.resting = True
        self.over = False

    def next(self) -> list[Round]:
        if self.over or not self.resting:
            return []
        self.resting = False
        return [Round(self.number, {**self.given, INDEX: self.number})]

    def take(self, number: int, outputs: Mapping[str, Any]) -> None:
        self.latest |= {name: value for name, value in outputs.items() if value is not None}
        self.given |= self.latest
        self.over = self.node.enough(dict(outputs)) or number == self.node.rounds - 1
        self.number += 1
        self.resting = True

    @property
    def outcome(self) -> dict[str, Any] | None:
        return self.latest if self.over else None


def rounds_of(part: Part, given: Mapping[str, Any]) -> Rounds:
    """``NodeError`` where what arrives cannot be gone through."""
    if isinstance(part.node, Each):
        return EachItem(part.node, [port.name for port in part.makes if port is not FAILURES], given)
    if isinstance(part.node, Repeat):
        return Again(part.node, given)
    if not isinstance(part.node, Call):
        return Once(given, None)
    if part.body is None:
        raise NodeError("The flow that is called has not been looked up.")
    return Once({}, _run_inputs(given))


def _run_inputs(given: Mapping[str, Any]) -> dict[str, Any]:
    """A run's inputs are JSON; what says how it becomes text is text there."""
    return {
        name: str(value) if isinstance(value, Value) and "__str__" in vars(type(value)) else to_json(value)
        for name, value in given.items()
    }
