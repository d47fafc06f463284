"""What runs next in one run: one scheduler for the flow and for everything in its groups.

Every node has a path (``each_1[3]/prompt_2``). Tasks put their events into one queue; what the scheduler decides by itself
(skips, groups that open and end) it says in the same batches.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flowbuilder.engine.attempt import Reporter
from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.compiled import ERROR, Compiled, Part
from flowbuilder.engine.draft import Draft
from flowbuilder.engine.events import Event
from flowbuilder.engine.graph import Mode
from flowbuilder.engine.groups import Groups, OpenGroup
from flowbuilder.engine.life import Life, failed
from flowbuilder.engine.rounds import rounds_of
from flowbuilder.engine.scope import Scope
from flowbuilder.engine.tool_calls import ToolCalls
from flowbuilder.engine.values import as_json, from_json
from nodes.base import Context, NodeError

ContextFor = Callable[[str, Reporter], Context]
CANCELLED = Event("run.cancelled")


class Scheduler:
    """The state of one run in one process."""

    def __init__(
        self,
        graph: Compiled,
        inputs: Mapping[str, Any],
        *,
        catalogue: Catalogue,
        context_for: ContextFor,
        stored: Mapping[str, Mapping[str, Any]],
        answers: Mapping[str, Any],
        attempts: Mapping[str, int],
        draft: Draft | None,
        at: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.context_for = context_for
        self.stored = stored
        self.answers = answers
        self.attempts = attempts
        self.draft = draft
        self.root = Scope(at, graph, inputs, given)
        self.root.restore(stored)
        self.groups = Groups(stored)
        self.places: dict[str, tuple[Scope, Part]] = {}
        """By path, everything that has begun and is not settled."""
        self.lives: dict[str, Life] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.outcomes: dict[str, dict[str, Any]] = {}
        """Finished, but the consumer has not come back from its event yet."""
        self.waiting: dict[str, str] = {}
        # Bounded: a slow consumer slows the nodes down instead of filling the memory.
        self.queue: asyncio.Queue[Event] = asyncio.Queue(maxsize=1000)

    async def batches(self, kept: Mapping[str, Mapping[str, Any]]) -> AsyncIterator[list[Event]]:
        said = [*self._keep(kept), *self._advance(self.root)]
        while said or self.tasks or not self.queue.empty():
            batch, said = said or await self._arrived(), []
            if batch and batch[-1] is CANCELLED:
                await self.close()
                yield batch
                return
            settled = {event.node for event in batch if event.node in self.outcomes}
            if broken := _broken(batch, settled):
                yield batch
                said = await self._fail(broken)
                if said[-1].type == "run.failed":
                    yield said
                    return
            elif self.root.over_with(settled):
                # Nothing is left that could start too early: the last outputs and the end are one thing.
                self._settle(settled)
                yield [*batch, self._ending()]
                return
            elif batch:
                yield batch
            # Only now: the consumer has stored the outputs that successors build on.
            for scope in self._settle(settled):
                said += self._advance(scope)
                said += self._go_on(scope)
        yield [self._ending()]

    def _keep(self, kept: Mapping[str, Mapping[str, Any]]) -> list[Event]:
        """Nodes for which outputs of another run stand."""
        said = []
        for part in self.root.graph.parts.values():
            node_id = part.spec.id
            outputs = kept.get(self.root.path_of(node_id))
            if outputs is None or node_id in self.root.values:
                continue
            if outputs:
                said.append(self._stand_in(self.root, part, from_json(part.outputs, outputs), "reuse"))
            else:
                said.append(self._skip(self.root, part, "It gave nothing in the run that is built on."))
        return said

    async def _arrived(self) -> list[Event]:
        """All events that are there; nothing after a failure or a cancel."""
        batch: list[Event] = []
        while not batch or not self.queue.empty():
            event = await self.queue.get()
            if event is CANCELLED:
                return [*batch, event]
            if event.node not in self.tasks:
                if self.queue.empty() and not self.tasks:
                    break
                continue  # of a group that was closed meanwhile
            batch.append(event)
            if event.type in {"node.finished", "node.failed", "node.waiting"}:
                del self.tasks[event.node]
                life = self.lives.pop(event.node)
                if event.type == "node.waiting":
                    self.waiting[event.node] = event.data["key"]
                elif "outputs" in event.data:
                    self.outcomes[event.node] = life.values
                else:
                    break
        return batch

    def _settle(self, paths: Iterable[str]) -> list[Scope]:
        """Take what is stored now as values; the scopes in which something may begin by it."""
        touched: dict[str, Scope] = {}
        for path in paths:
            if path in self.outcomes:  # else its group was closed
                scope, part = self.places.pop(path)
                scope.settle(part.spec.id, self.outcomes.pop(path))
                touched[scope.path] = scope
        return list(touched.values())

    def _ending(self) -> Event:
        if self.waiting:
            return Event("run.waiting", data={"keys": list(self.waiting.values())})
        return Event("run.finished", data={"reply": self.root.reply or ""})

    def _advance(self, scope: Scope) -> list[Event]:
        """Begin every node whose inputs are settled; what is said of that."""
        said: list[Event] = []
        while ready := scope.ready():
            for part in ready:
                if scope.path_of(part.spec.id) not in self.places:
                    said += self._begin(scope, part)
        return said

    def _begin(self, scope: Scope, part: Part) -> list[Event]:
        path, spec = scope.path_of(part.spec.id), part.spec
        if spec.mode is Mode.OFF:
            return [self._skip(scope, part, "It is switched off.")]
        given, untaken = scope.gather(part)
        pinned = spec.pinned if self.draft else None
        if pinned is not None and not scope.cut_off(part):
            return self._pin(scope, part, pinned)
        if spec.mode is Mode.BYPASS:
            passed = scope.bypass(part)
            if any(value is not None for value in passed.values()):
                return [self._stand_in(scope, part, passed, "bypass")]
            return [self._skip(scope, part, "It is bypassed, and nothing that arrives fits its outputs.")]
        if untaken:
            return [self._skip(scope, part, f"Nothing arrives at '{untaken}'.")]
        self.places[path] = scope, part
        if self.draft and self.draft.stops(scope, part):
            key = f"break:{self.draft.run}:{path}"
            self.waiting[path] = key
            about = {"kind": "breakpoint", "inputs": as_json(part.inputs, given)}
            return [Event("node.waiting", path, {"key": key, "about": about})]
        life = self._life(scope, part, path)
        try:
            given |= self.draft.edited(path, part.inputs) if self.draft else {}
            rounds = rounds_of(part, given) if part.node.holds_body else None
        except NodeError as error:
            self._give_up(life, str(error))
            return []
        if rounds is not None:
            return self._open(OpenGroup(path, part, scope, rounds), given)
        self._start(life, life.live(given))
        return []

    def _skip(self, scope: Scope, part: Part, reason: str) -> Event:
        scope.settle(part.spec.id, {})
        return Event("node.skipped", scope.path_of(part.spec.id), {"reason": reason})

    def _pin(self, scope: Scope, part: Part, pinned: Mapping[str, Any]) -> list[Event]:
        try:
            return [self._stand_in(scope, part, from_json(part.outputs, pinned), "pin")]
        except NodeError as error:
            path = scope.path_of(part.spec.id)
            self.places[path] = scope, part
            self._give_up(self._life(scope, part, path), f"What is pinned does not fit: {error}")
            return []

    def _stand_in(self, scope: Scope, part: Part, values: dict[str, Any], by: str) -> Event:
        """The node has these outputs without having run."""
        path = scope.path_of(part.spec.id)
        self.places[path] = scope, part
        return self._finished(path, part, values, by=by)

    def _finished(self, path: str, part: Part, values: dict[str, Any], **more: Any) -> Event:
        self.outcomes[path] = values
        outputs = as_json(part.outputs, {port.name: values.get(port.name) for port in part.outputs})
        return Event("node.finished", path, {"outputs": outputs, "seconds": 0.0, "usage": {}, **more})

    def _life(self, scope: Scope, part: Part, path: str) -> Life:
        def context(report: Reporter) -> Context:
            made = self.context_for(path, report)
            made = replace(made, node_id=path, inputs=scope.inputs, answer=self.answers.get(path))
            return replace(made, tools=ToolCalls(self.catalogue, made))

        return Life(part, path, send=self.queue.put, context=context, earlier=self.attempts.get(path, 0))

    def _start(self, life: Life, routine: Any) -> None:
        self.lives[life.path] = life
        self.tasks[life.path] = asyncio.create_task(routine)

    def _give_up(self, life: Life, error: str) -> None:
        """Fail without having run; it arrives like any other failure."""
        self._start(life, life.fail(error))

    def _open(self, group: OpenGroup, given: Mapping[str, Any]) -> list[Event]:
        self.groups.open[group.path] = group
        attempt = self.attempts.get(group.path, 0) + 1
        data = {"inputs": as_json(group.part.inputs, given), "attempt": attempt}
        return [Event("node.started", group.path, data), *self._drive(group)]

    def _drive(self, group: OpenGroup) -> list[Event]:
        """Open the rounds that may begin; the group is over when none is left."""
        said: list[Event] = []
        while rounds := group.rounds.next():
            for one in rounds:
                scope, opened = self.groups.begin(group, one)
                said += opened
                if scope is not None:
                    said += self._advance(scope)
                    if scope.over:
                        said += self.groups.end(scope)
        if (outcome := group.rounds.outcome) is not None:
            del self.groups.open[group.path]
            said.append(self._finished(group.path, group.part, outcome, seconds=group.seconds))
        return said

    def _go_on(self, scope: Scope) -> list[Event]:
        """What follows for its group when a round is over."""
        if scope is self.root or not scope.over:
            return []
        group = self.groups.of(scope)
        return [*self.groups.end(scope), *self._drive(group)]

    async def _fail(self, failure: Event) -> list[Event]:
        """Up through the groups until one goes on without it, or the run has failed."""
        error, said = failure.data["error"], []
        scope, _ = self.places.pop(failure.node)
        while scope is not self.root:
            group = self.groups.of(scope)
            if group.rounds.skips:
                await self._close_below(scope.path)
                return [self.groups.leave_out(scope, error, failure.node), *self._drive(group)]
            if scope.path != group.path:
                said.append(Event("node.failed", scope.path, {"error": error}))
            await self._close_below(group.path)
            del self.groups.open[group.path]
            event, values = failed(group.part, group.path, error, failure.node)
            said.append(event)
            if ERROR in group.part.outputs:
                self.outcomes[group.path] = values
                return said
            scope, _ = self.places.pop(group.path)
        await self.close()
        return [*said, Event("run.failed", data={"node": failure.node, "error": error})]

    async def _close_below(self, path: str) -> None:
        """End all that runs in a group, or in one of its rounds."""
        below = (f"{path}/", f"{path}[")
        for known in (
            self.places,
            self.outcomes,
            self.waiting,
            self.lives,
            self.groups.open,
            self.groups.scopes,
        ):
            for inner in [inner for inner in known if inner.startswith(below)]:
                del known[inner]
        await self._stop([inner for inner in self.tasks if inner.startswith(below)])

    async def watch(self, cancel: asyncio.Event) -> None:
        await cancel.wait()
        # Room first: a full queue must not keep a cancel waiting.
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(CANCELLED)

    async def close(self) -> None:
        await self._stop(list(self.tasks))

    async def _stop(self, paths: list[str]) -> None:
        tasks = [self.tasks.pop(path) for path in paths]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _broken(batch: list[Event], settled: set[str]) -> Event | None:
    """A failure that no port of its node takes; it ends its batch."""
    last = batch[-1] if batch else None
    return (
        last
        if last and last.type == "node.failed" and "outputs" not in last.data and last.node not in settled
        else None
    )
