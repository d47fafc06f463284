"""Answers cases with a flow under another prompt: what stands before the prompt runs once a case, the rest for each prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.ports import outputs_of
from flowbuilder.engine.run import ContextFor, run
from flowbuilder.engine.values import from_json
from flowbuilder.prompting.cases import Case
from flowbuilder.prompting.target import Target
from nodes.base import NodeError, Retryable

AT_ONCE = 12
"""Runs at the same time: the model worker puts them into one batch."""


@dataclass(frozen=True)
class Answered:
    reply: str
    error: str = ""


@dataclass
class Before:
    """What a case's run gave before the prompt, and what is wired into it."""

    finished: dict[str, dict[str, Any]]
    values: dict[str, str]
    error: str = ""


@dataclass
class Answering:
    """``still`` raises what should end everything, before each run."""

    target: Target
    cases: Sequence[Case]
    catalogue: Catalogue
    context_for: ContextFor
    still: Callable[[], None] = lambda: None
    before: dict[int, Before] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.graph = greedy(self.target.graph, self.catalogue)
        self.gate = asyncio.Semaphore(AT_ONCE)

    async def answer(self, prompt: str, number: int) -> Answered:
        """A failed run answers nothing and says why."""
        target = Target(self.graph, self.target.node, self.target.setting)
        if number not in self.before:
            await self._prepare(number)
        before = self.before[number]
        if before.error:
            return Answered("", before.error)
        async with self.gate:
            self.still()
            reply, error, _ = await self._play(target.with_text(prompt), number, before.finished)
        return Answered(reply, error)

    async def prepare(self) -> None:
        await together(
            [self._prepare(number) for number in range(len(self.cases)) if number not in self.before]
        )

    async def _prepare(self, number: int) -> None:
        """Run what does not hang on the prompt: the same nodes, without the prompt and what follows it."""
        away = self.target.downstream
        nodes = tuple(node for node in self.graph.nodes if node.id not in away)
        wires = tuple(
            wire for wire in self.graph.wires if wire.source not in away and wire.target not in away
        )
        part = self.graph.model_copy(update={"nodes": nodes, "wires": wires})
        async with self.gate:
            self.still()
            _, error, outputs = await self._play(part, number, {})
        values = {
            wire.target_port: self._text(outputs, wire.source, wire.source_port)
            for wire in self.graph.into(self.target.node)
        }
        if not any(values.values()):
            values = {"question": self.cases[number].question}
        self.before[number] = Before(outputs, values, error)

    def _text(self, outputs: Mapping[str, Mapping[str, Any]], node: str, port: str) -> str:
        """An output as it stands in a prompt: passages by their text, records as JSON."""
        built = self.catalogue.build(self.graph.node(node))
        value = from_json(outputs_of(built).ports, outputs.get(node, {})).get(port)
        return "" if value is None else str(value)

    async def _play(
        self, graph: Graph, number: int, finished: Mapping[str, Mapping[str, Any]]
    ) -> tuple[str, str, dict[str, dict[str, Any]]]:
        """(reply, error, outputs) of one run."""
        reply, error, outputs, retried = "", "", {}, set()
        inputs = {"question": self.cases[number].question}
        try:
            events = run(
                graph, inputs, catalogue=self.catalogue, context_for=self.context_for, finished=finished
            )
            async for event in events:
                if "outputs" in event.data:
                    outputs[event.node] = event.data["outputs"]
                elif event.type == "node.skipped":
                    outputs[event.node] = {}
                elif event.type == "run.finished":
                    reply = event.data["reply"]
                elif event.type == "node.retrying":
                    retried.add(event.node)
                elif event.type == "run.failed" and event.data["node"] in retried:
                    # A worker that is away says nothing about the prompt.
                    raise Retryable(event.data["error"])
                elif event.type == "run.failed":
                    error = event.data["error"]
                elif event.type == "run.waiting":
                    error = "The flow waits for a training; such a flow cannot be measured."
        except Retryable:
            raise
        except NodeError as refused:
            error = str(refused)
        return reply, error, outputs


async def together(work: Sequence[Any]) -> list[Any]:
    """Results in order. Where one raises, the others come to their end before that is raised: they cost as much."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        for task in tasks:
            task.cancel()
    for each in done:
        if isinstance(each, BaseException):
            raise each
    return list(done)


def greedy(graph: Graph, catalogue: Catalogue) -> Graph:
    """Models take the likeliest token while prompts are compared, so that chance does not choose between them."""
    nodes = []
    for node in graph.nodes:
        kind = catalogue.kinds.get(catalogue.aliases.get(node.type, node.type))
        if kind and "temperature" in kind.model_fields and "count" not in kind.model_fields:
            node = node.model_copy(update={"settings": {**node.settings, "temperature": 0}})
        body = node.body and greedy(node.body, catalogue)
        nodes.append(node.model_copy(update={"body": body}) if body else node)
    return graph.model_copy(update={"nodes": tuple(nodes)})
