"""A worker runs a run: takes the lease, plays the engine, stores every step under its fence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from flowbuilder.engine.draft import Draft
from flowbuilder.engine.events import Event
from flowbuilder.engine.run import batches as play
from flowbuilder.flows.nodes import catalogue
from flowbuilder.modelhub.services import Live
from flowbuilder.runs import admission
from flowbuilder.runs.breakpoints import BREAKPOINT
from flowbuilder.runs.citations import Citations
from flowbuilder.runs.context import context_for
from flowbuilder.runs.fenced import StaleFence, take
from flowbuilder.runs.log import FIRST_FENCE, EventLog
from flowbuilder.runs.loops import kept_loop
from flowbuilder.runs.models import Run, RunEvent, Status, Wait
from flowbuilder.runs.parts import reduced, within_group
from flowbuilder.wire import client

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=10)
HEARTBEAT = 3.0
CANCEL_LOOK = 0.4
MAX_EVENTS_UNSTORED = 500


def execute(run_id: str) -> None:
    """What the Celery task does. A run that somebody else holds is left alone."""
    kept_loop().run(_execute(uuid.UUID(run_id)))


async def _execute(run_id: uuid.UUID) -> None:
    run = await sync_to_async(take_lease)(run_id)
    if run is None:
        return
    events = await EventLog.open(run.pk, run.fence)
    cancel = asyncio.Event()
    async with beside(heartbeat(run, cancel), look_for_cancel(run, cancel), events.join_tokens()):
        try:
            await _play(run, events, cancel)
        except StaleFence:
            log.warning("run %s was taken over by another worker; stopped writing", run.pk)
    await events.close()


def take_lease(run_id: uuid.UUID) -> Run | None:
    """The run with a new fence, or None when it has ended, waits, or another worker's lease is live."""
    now = timezone.now()
    with transaction.atomic():
        return Run.objects.get(pk=run_id) if take(run_id, now=now, until=now + LEASE) else None


async def _play(run: Run, events: EventLog, cancel: asyncio.Event) -> None:
    past = {} if run.fence == FIRST_FENCE else await sync_to_async(read_past)(run)
    if run.lives > 1 or past.get("finished") or past.get("attempts"):
        await events.append("run.resumed", data={"attempt": run.lives})
    breaks = past.pop("breaks", {})
    known = past.pop("known", 0)
    live = Live(run.pk, run.session or str(run.pk)) if run.live else None
    engine = play(
        reduced(run),
        run.inputs,
        catalogue=catalogue(),
        context_for=lambda node, report: context_for(run.workspace_id, run.pk, node, report, live, run),
        kept=run.part.get("kept"),
        **within_group(run, catalogue()),
        draft=Draft(str(run.pk), breaks) if run.draft else None,
        cancel=cancel,
        **past,
    )
    citations = (
        Citations.of_first_life(run)
        if run.fence == FIRST_FENCE
        else await sync_to_async(Citations.of_earlier_lives)(run)
    )
    async for played in engine:
        batch = [citations.take(event) for event in played]
        for event in batch:
            await events.append(event.type, event.node, event.data, hold=event.type in ENDINGS)
            if event.type == "node.waiting":
                await sync_to_async(park)(run, event.node, event.data)
        results = {event.node: event.data.get("outputs", {}) for event in batch if settles(event)}
        ending = ENDINGS.get(batch[-1].type)
        if results or ending or len(events.unstored) >= MAX_EVENTS_UNSTORED:
            await events.commit(results, **(ending(batch[-1].data) if ending else {}))
        if batch[-1].type == "run.waiting":
            await sync_to_async(wake_if_answered)(run, known)
        elif ending:
            await sync_to_async(admission.leave)(run.pk)


def read_past(run: Run) -> dict[str, Any]:
    """What earlier lives of this run have left: nothing of it is done again."""
    attempts: dict[str, int] = {}
    for event in RunEvent.objects.filter(run=run, type="node.started"):
        attempts[event.node] = max(attempts.get(event.node, 0), event.data.get("attempt", 1))
    answered = run.waits.exclude(resolved_at=None)
    at_breaks = answered.filter(about__kind=BREAKPOINT)
    return {
        "known": answered.count(),  # first: what comes in between is played, and wakes the run once more
        "finished": dict(run.results.values_list("node_id", "outputs")),
        "answers": dict(answered.exclude(pk__in=at_breaks).values_list("node_id", "answer")),
        "breaks": dict(at_breaks.values_list("node_id", "answer")),
        "attempts": attempts,
    }


def park(run: Run, node: str, data: dict[str, Any]) -> None:
    about = data["about"]
    until = about.get("until")
    due_at = datetime.fromisoformat(until) if isinstance(until, str) else None
    Wait.objects.get_or_create(
        key=data["key"], defaults={"run": run, "node_id": node, "about": about, "due_at": due_at}
    )


def wake_if_answered(run: Run, known: int) -> None:
    """An answer may have come between the wait and the parking; then nobody else will wake the run.

    ``known``: answers that this life began with. One wait of several is reason enough.
    """
    if run.waits.exclude(resolved_at=None).count() > known:
        Run.objects.filter(pk=run.pk, status=Status.WAITING).update(status=Status.QUEUED, lives=0)


def _ended(status: Status, **fields: Any) -> dict[str, Any]:
    return {"status": status, "lease_until": None, "ended_at": timezone.now(), **fields}


def settles(event: Event) -> bool:
    """Whether what hangs on the node goes on: also behind a failure that a port takes."""
    failed = event.type == "node.failed" and "outputs" in event.data
    return failed or event.type in {"node.finished", "node.skipped"}


ENDINGS = {
    "run.finished": lambda data: _ended(Status.FINISHED, reply=data["reply"]),
    "run.failed": lambda data: _ended(Status.FAILED, error=data["error"], error_node=data["node"]),
    "run.cancelled": lambda data: _ended(Status.CANCELLED),
    "run.waiting": lambda data: {"status": Status.WAITING, "lease_until": None},
}


@contextlib.asynccontextmanager
async def beside(*routines: Any) -> AsyncIterator[None]:
    """Run these for as long as the block lasts."""
    tasks = [asyncio.create_task(routine) for routine in routines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def heartbeat(run: Run, stop: asyncio.Event) -> None:
    """Keep the lease; stop the engine when somebody else has taken it."""
    while True:
        await asyncio.sleep(HEARTBEAT)
        held = Run.objects.filter(pk=run.pk, fence=run.fence, status=Status.RUNNING)
        if not await held.aupdate(lease_until=timezone.now() + LEASE):
            stop.set()


async def look_for_cancel(run: Run, cancel: asyncio.Event) -> None:
    """Redis says it fast; the database says it also when Redis has forgotten."""
    while not cancel.is_set():
        await asyncio.sleep(CANCEL_LOOK)
        try:
            asked = await client().exists(f"fb:run:{run.pk}:cancel")
        except RedisError:
            asked = 0
        if asked or await Run.objects.filter(pk=run.pk, cancel_requested=True).aexists():
            cancel.set()
