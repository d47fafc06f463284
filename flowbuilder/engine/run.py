"""Runs a graph: plain asyncio, no database, no broker, no socket.

``async for event in run(...)``, or ``batches(...)`` for what happened at once in one list. A node's
successors start only when the consumer asks for what comes after its ``node.finished``: whoever stores
outputs does so in between, and a killed run that is started again with ``finished`` never repeats a stored
node.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

from flowbuilder.engine.attempt import Outcome, Reporter, perform
from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.events import Event
from flowbuilder.engine.graph import Graph, Wire
from flowbuilder.engine.offering import offer, only_offering
from flowbuilder.engine.ports import OFFER, Port, inputs_of, outputs_of
from flowbuilder.engine.tool_calls import ToolCalls
from flowbuilder.engine.values import as_input, from_json, to_json
from nodes.base import Context, Node, NodeError, Retryable, Waiting
from nodes.tools.tool_node import ToolNode

log = logging.getLogger(__name__)
BACK_OFF = 0.5
"""Seconds before the second attempt; doubles with each further one."""

ContextFor = Callable[[str, Reporter], Context]


async def run(graph: Graph, inputs: Mapping[str, Any], **options: Any) -> AsyncIterator[Event]:
    """The events of ``batches``, one by one."""
    async for batch in batches(graph, inputs, **options):
        for event in batch:
            yield event


async def batches(
    graph: Graph,
    inputs: Mapping[str, Any],
    *,
    catalogue: Catalogue,
    context_for: ContextFor,
    finished: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[str, Any] | None = None,
    attempts: Mapping[str, int] | None = None,
    cancel: asyncio.Event | None = None,
) -> AsyncIterator[list[Event]]:
    """Run what is not finished yet and yield events, never an empty list, until the run ends, parks or is cancelled.

    ``finished``: node id -> its stored outputs (JSON, as ``node.finished`` gave them; an empty mapping for
    a skipped node). ``answers``: node id -> what a waiting node was resumed with. ``attempts``: node id ->
    attempts made in earlier lives, so that numbers go on. ``cancel``: set it to stop. Errors of nodes are
    events, never exceptions; a graph that cannot run raises ``NodeError``.
    """
    execution = _Execution(graph, inputs, catalogue, context_for, answers or {}, attempts or {})
    execution.restore(finished or {})
    watcher = asyncio.create_task(execution.watch(cancel)) if cancel is not None else None
    try:
        yield [Event("run.started", data={"inputs": to_json(dict(inputs))})]
        async for batch in execution.batches():
            yield batch
    finally:
        if watcher is not None:
            watcher.cancel()
        await execution.close()


_CANCELLED = Event("run.cancelled")


class _Execution:
    """The state of one run in one process."""

    def __init__(
        self,
        graph: Graph,
        inputs: Mapping[str, Any],
        catalogue: Catalogue,
        context_for: ContextFor,
        answers: Mapping[str, Any],
        attempts: Mapping[str, int],
    ) -> None:
        self.catalogue = catalogue
        self.specs = {spec.id: spec for spec in graph.nodes}
        self.run_inputs = inputs
        self.context_for = context_for
        self.answers = answers
        self.attempts = attempts
        self.nodes: dict[str, Node] = {spec.id: catalogue.build(spec) for spec in graph.nodes}
        self.inputs: dict[str, tuple[Port, ...]] = {id_: inputs_of(node) for id_, node in self.nodes.items()}
        self.wires: dict[str, list[Wire]] = {id_: [] for id_ in self.nodes}
        for wire in graph.wires:
            self.wires[wire.target].append(wire)
        self.offered = {wire.source for wire in graph.wires if wire.source_port == OFFER}
        self.only_offered = {id_ for id_ in only_offering(graph) if isinstance(self.nodes.get(id_), ToolNode)}
        self.values: dict[str, dict[str, Any]] = {}
        self.outcomes: dict[str, dict[str, Any]] = {}
        """Finished, but the consumer has not come back from its event yet."""
        self.waiting: dict[str, str] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        # Bounded: a slow consumer slows the nodes down instead of filling the memory.
        self.queue: asyncio.Queue[Event] = asyncio.Queue(maxsize=1000)
        self.reply: str | None = None

    def restore(self, finished: Mapping[str, Mapping[str, Any]]) -> None:
        for node_id, stored in finished.items():
            if node_id in self.nodes:
                self.values[node_id] = from_json(outputs_of(self.nodes[node_id]).ports, stored)
                self._note_reply(node_id)

    async def batches(self) -> AsyncIterator[list[Event]]:
        if skips := self.start_ready():
            yield skips
        while self.tasks or not self.queue.empty():
            batch = await self._arrived()
            if batch[-1] is _CANCELLED:
                await self.close()
                yield batch
                return
            finished = [event.node for event in batch if event.type == "node.finished"]
            if len(self.values) + len(finished) == len(self.nodes):
                # Nothing is left that could start too early: the last outputs and the end are one thing.
                self._settle(finished)
                yield [*batch, self.ending()]
                return
            yield batch
            if batch[-1].type == "node.failed":
                await self.close()
                yield [Event("run.failed", data={"node": batch[-1].node, "error": batch[-1].data["error"]})]
                return
            # Only now: the consumer has stored the outputs that successors build on.
            self._settle(finished)
            if finished and (skips := self.start_ready()):
                yield skips
        yield [self.ending()]

    async def _arrived(self) -> list[Event]:
        """All events that are there, at least one; nothing after a failure or a cancel."""
        batch: list[Event] = []
        while not batch or not self.queue.empty():
            event = await self.queue.get()
            batch.append(event)
            if event.type in {"node.finished", "node.failed", "node.waiting"}:
                self.tasks.pop(event.node, None)
            if event.type == "node.waiting":
                self.waiting[event.node] = event.data["key"]
            if event is _CANCELLED or event.type == "node.failed":
                break
        return batch

    def _settle(self, finished: list[str]) -> None:
        for node_id in finished:
            self.values[node_id] = self.outcomes.pop(node_id)
            self._note_reply(node_id)

    def ending(self) -> Event:
        if self.waiting:
            return Event("run.waiting", data={"keys": list(self.waiting.values())})
        return Event("run.finished", data={"reply": self.reply or ""})

    def start_ready(self) -> list[Event]:
        """Start every node whose inputs are settled; the skips that this brings, in order."""
        skips: list[Event] = []
        progressed = True
        while progressed:
            progressed = False
            for node_id in self.nodes:
                if node_id in self.values or node_id in self.tasks or not self._settled(node_id):
                    continue
                given, untaken = self._gather(node_id)
                if untaken:
                    self.values[node_id] = {}
                    skips.append(
                        Event("node.skipped", node_id, {"reason": f"Nothing arrives at '{untaken}'."})
                    )
                    progressed = True
                elif node_id not in self.waiting:
                    self.tasks[node_id] = asyncio.create_task(self._life(node_id, given))
        return skips

    def _settled(self, node_id: str) -> bool:
        return all(wire.source in self.values for wire in self.wires[node_id])

    def _gather(self, node_id: str) -> tuple[dict[str, Any], str]:
        """Values by input, and the name of a required input at which nothing arrives (else empty)."""
        given: dict[str, Any] = {}
        for port in self.inputs[node_id]:
            arriving = [wire for wire in self.wires[node_id] if wire.target_port == port.name]
            taken = [
                value
                for wire in arriving
                if (value := self.values[wire.source].get(wire.source_port)) is not None
            ]
            if taken and port.gathers:
                given[port.name] = [as_input(value, port) for value in self._spread(arriving, port)]
            elif taken:
                given[port.name] = as_input(taken[0], port)
            elif port.required and node_id not in self.only_offered:
                return {}, port.name
        return given, ""

    def _spread(self, arriving: list[Wire], port: Port) -> list[Any]:
        """All values of these wires; an output that gives several at once gives each of them."""
        found: list[Any] = []
        for wire in arriving:
            value = self.values[wire.source].get(wire.source_port)
            made = next(
                known for known in outputs_of(self.nodes[wire.source]).ports if known.name == wire.source_port
            )
            if value is not None:
                found += value if made.gathers and made.type != port.type else [value]
        return found

    async def _life(self, node_id: str, given: dict[str, Any]) -> None:
        """Every attempt of one node, as events in the queue."""
        node = self.nodes[node_id]
        earlier = self.attempts.get(node_id, 0)
        for attempt in range(1, node.attempts + 1):
            number = earlier + attempt
            await self._put("node.started", node_id, {"inputs": to_json(given), "attempt": number})
            try:
                outcome = await self._outcome(node_id, node, given)
            except Retryable as error:
                if attempt < node.attempts:
                    pause = BACK_OFF * 2 ** (attempt - 1)
                    await self._put(
                        "node.retrying",
                        node_id,
                        {"attempt": number, "in_seconds": pause, "error": str(error)},
                    )
                    await asyncio.sleep(pause)
                    continue
                return await self._put("node.failed", node_id, {"error": f"{error} (tried {attempt} times)"})
            except Waiting as wait:
                return await self._put(
                    "node.waiting", node_id, {"key": wait.key, "about": to_json(wait.about)}
                )
            except NodeError as error:
                return await self._put("node.failed", node_id, {"error": str(error)})
            except TimeoutError:
                return await self._put(
                    "node.failed", node_id, {"error": f"It took longer than {node.timeout:g} s."}
                )
            except Exception:
                # A defect of the node, not of the flow: the trace belongs in the log, not on the page.
                log.exception("node %s (%s) broke", node_id, type(node).__name__)
                return await self._put(
                    "node.failed", node_id, {"error": "It broke with an internal error; see the log."}
                )
            self.outcomes[node_id] = outcome.values
            data = {"outputs": to_json(outcome.values), "seconds": outcome.seconds, "usage": outcome.usage}
            return await self._put("node.finished", node_id, data)

    async def _outcome(self, node_id: str, node: Node, given: dict[str, Any]) -> Outcome:
        """One attempt; a node that only offers itself to a model does nothing but that."""
        outcome = Outcome({}, 0.0)
        if node_id not in self.only_offered:
            outcome = await perform(
                node, given, lambda report: self._context(node_id, report), self._putter(node_id)
            )
        if node_id in self.offered and isinstance(node, ToolNode):
            context = self._context(node_id, lambda kind, data: None)
            async with asyncio.timeout(node.timeout):
                outcome.values[OFFER] = await offer(node, self.specs[node_id], given, context)
        return outcome

    def _context(self, node_id: str, report: Reporter) -> Context:
        context = replace(
            self.context_for(node_id, report),
            node_id=node_id,
            inputs=self.run_inputs,
            answer=self.answers.get(node_id),
        )
        return replace(context, tools=ToolCalls(self.catalogue, context))

    def _putter(self, node_id: str) -> Callable[[str, dict[str, Any]], Any]:
        return lambda type_, data: self._put(type_, node_id, data)

    async def _put(self, type_: str, node_id: str, data: dict[str, Any]) -> None:
        await self.queue.put(Event(type_, node_id, data))

    def _note_reply(self, node_id: str) -> None:
        node = self.nodes[node_id]
        if node.is_reply and (text := self.values[node_id].get("out")) is not None:
            self.reply = str(text)

    async def watch(self, cancel: asyncio.Event) -> None:
        await cancel.wait()
        # Room first: a full queue must not keep a cancel waiting.
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(_CANCELLED)

    async def close(self) -> None:
        tasks = list(self.tasks.values())
        self.tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
