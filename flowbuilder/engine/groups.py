"""The groups of a run that are open, and the rounds of their bodies that are on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.compiled import ERROR, Compiled, Part
from flowbuilder.engine.events import Event
from flowbuilder.engine.ports import SINGLE, Port
from flowbuilder.engine.rounds import Round, Rounds
from flowbuilder.engine.scope import Scope
from flowbuilder.engine.values import as_json, from_json
from nodes.flow.call import Call
from nodes.types import Failure

EMPTY = Compiled.empty()


@dataclass
class OpenGroup:
    path: str
    part: Part
    scope: Scope
    """In which the group stands."""
    rounds: Rounds
    began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began

    @property
    def body(self) -> Compiled:
        return self.part.body or EMPTY

    @property
    def gives(self) -> tuple[Port, ...]:
        """What a round of it gives."""
        return self.part.makes if isinstance(self.part.node, Call) else tuple(self.body.group_outputs())


class Groups:
    """A round has a path of its own where there are several (``each_1[3]``), and events like a node."""

    def __init__(self, stored: Mapping[str, Mapping[str, Any]]) -> None:
        self.stored = stored
        self.open: dict[str, OpenGroup] = {}
        self.scopes: dict[str, tuple[OpenGroup, int | None, float]] = {}
        """By the path of what is open: its group, the round's number, when it began."""

    def of(self, scope: Scope) -> OpenGroup:
        return self.scopes[scope.path][0]

    def begin(self, group: OpenGroup, one: Round) -> tuple[Scope | None, list[Event]]:
        """The scope of a round; None where an earlier life of the run has done it."""
        path = group.path if one.number is None else f"{group.path}[{one.number}]"
        if one.number is not None and (stored := self.stored.get(path)) is not None:
            if ERROR.name in stored:
                group.rounds.leave_out(one.number, Failure.model_validate(stored[ERROR.name]))
            else:
                group.rounds.take(one.number, from_json(group.gives, stored))
            return None, []
        inputs = group.scope.inputs if one.inputs is None else one.inputs
        scope = Scope(path, group.body, inputs, one.given)
        scope.restore(self.stored)
        self.scopes[path] = group, one.number, time.perf_counter()
        if one.number is None:
            return scope, []
        data = {
            "inputs": as_json(
                group.body.group_inputs(), {k: v for k, v in one.given.items() if k in names(group)}
            )
        }
        return scope, [Event("node.started", path, {**data, "attempt": 1})]

    def end(self, scope: Scope) -> list[Event]:
        """Take what a round gave."""
        group, number, began = self.scopes.pop(scope.path)
        outputs = {SINGLE: scope.reply} if isinstance(group.part.node, Call) else scope.outputs()
        group.rounds.take(number or 0, outputs)
        if number is None:
            return []
        data = {"outputs": as_json(group.gives, outputs), "seconds": time.perf_counter() - began, "usage": {}}
        return [Event("node.finished", scope.path, data)]

    def leave_out(self, scope: Scope, error: str, node: str) -> Event:
        """A round that failed, in a group that goes on without it."""
        group, number, _ = self.scopes.pop(scope.path)
        failure = Failure(message=error, node=node)
        group.rounds.leave_out(number or 0, failure)
        outputs = {ERROR.name: failure.model_dump()}
        return Event("node.failed", scope.path, {"error": error, "outputs": outputs})


def names(group: OpenGroup) -> set[str]:
    return {port.name for port in group.body.group_inputs()}
