"""Runs a graph: plain asyncio, no database, no broker, no socket.

``async for event in run(...)``, or ``batches(...)`` for what happened at once in one list. A node's
successors start only when the consumer asks for what comes after its ``node.finished``: whoever stores
outputs does so in between, and a killed run that is started again with ``finished`` never repeats a stored
node. Inside groups the same holds, by path.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.compiled import Compiled
from flowbuilder.engine.draft import Draft
from flowbuilder.engine.events import Event
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.scheduler import ContextFor, Scheduler
from flowbuilder.engine.values import to_json


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
    kept: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[str, Any] | None = None,
    attempts: Mapping[str, int] | None = None,
    draft: Draft | None = None,
    cancel: asyncio.Event | None = None,
    at: str = "",
    given: Mapping[str, Any] | None = None,
) -> AsyncIterator[list[Event]]:
    """Run what is not finished yet and yield events, never an empty list, until the run ends, parks or is cancelled.

    ``finished``: path -> its stored outputs (JSON, as ``node.finished`` gave them; an empty mapping for
    a skipped node). ``kept``: path -> outputs of another run, which stand for running it. ``answers``: path ->
    what a waiting node was resumed with. ``attempts``: path -> attempts made in earlier lives, so that numbers go on.
    ``draft``: pins and breakpoints count. ``cancel``: set it to stop. ``at``: the graph is what
    stands in the group of that path, or in one round of it (``each_1[3]``), and ``given`` its values by Group input.
    Errors of nodes are events, never exceptions; a graph that cannot run raises ``NodeError``.
    """
    scheduler = Scheduler(
        Compiled.whole(graph, catalogue),
        inputs,
        catalogue=catalogue,
        context_for=context_for,
        stored=finished or {},
        answers=answers or {},
        attempts=attempts or {},
        draft=draft,
        at=at,
        given=given,
    )
    watcher = asyncio.create_task(scheduler.watch(cancel)) if cancel is not None else None
    try:
        yield [Event("run.started", data={"inputs": to_json(dict(inputs))})]
        async for batch in scheduler.batches(kept or {}):
            yield batch
    finally:
        if watcher is not None:
            watcher.cancel()
        await scheduler.close()


__all__ = ["ContextFor", "Draft", "batches", "run"]
