"""The numbered event log: live on a Redis Stream, for good in the database.

A stream entry's id is its event's number, so a reader asks for what comes after the last it saw.
Tokens of about 25 ms travel as one event.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from redis.exceptions import RedisError

from flowbuilder.runs.models import NodeResult, Run, RunEvent, Status
from flowbuilder.wire import client, impatient_client

log = logging.getLogger(__name__)
JOIN_SECONDS = 0.025
STREAM_EXPIRES = 3600


class StaleFence(Exception):
    """Another worker has taken the run over: this one must stop writing."""


def stream_key(run_id: uuid.UUID | str) -> str:
    return f"fb:run:{run_id}:events"


class EventLog:
    """Writes one run's events on behalf of the holder of ``fence``."""

    def __init__(self, run_id: uuid.UUID, fence: int, last: int) -> None:
        self.run_id = run_id
        self.fence = fence
        self.last = last
        self.unstored: list[RunEvent] = []
        self.tokens: dict[str, list[str]] = {}
        self.order = asyncio.Lock()

    @classmethod
    async def open(cls, run_id: uuid.UUID, fence: int) -> EventLog:
        """Go on after the highest number anybody saw: stored, or only streamed by a killed worker."""
        return cls(run_id, fence, max(await sync_to_async(stored_last)(run_id), await _streamed_last(run_id)))

    async def append(self, type_: str, node: str = "", data: dict[str, Any] | None = None) -> None:
        """Tokens wait to be joined; anything else goes out at once, after the tokens before it."""
        if type_ == "node.token":
            self.tokens.setdefault(node, []).append((data or {})["text"])
            return
        await self.push_tokens()
        await self._push(type_, node, data or {})

    async def join_tokens(self) -> None:
        """Runs beside the engine and sends what has gathered."""
        while True:
            await asyncio.sleep(JOIN_SECONDS)
            await self.push_tokens()

    async def push_tokens(self) -> None:
        gathered, self.tokens = self.tokens, {}
        for node, pieces in gathered.items():
            await self._push("node.token", node, {"text": "".join(pieces)})

    async def _push(self, type_: str, node: str, data: dict[str, Any]) -> None:
        # One at a time: numbers must reach the stream in their order.
        async with self.order:
            self.last += 1
            event = RunEvent(
                run_id=self.run_id, seq=self.last, type=type_, node=node, data=data, at=time.time()
            )
            self.unstored.append(event)
            try:
                await client().xadd(
                    stream_key(self.run_id), {"e": json.dumps(event.wire())}, id=f"{self.last}-0"
                )
            except RedisError as error:
                # The stream is a wire; the database gets this event at the next commit.
                log.warning("run %s: event %s was not streamed: %s", self.run_id, self.last, error)

    async def commit(self, node: str = "", outputs: dict[str, Any] | None = None, **fields: Any) -> None:
        """Store all events so far, a node's outputs and fields of the run, or ``StaleFence`` and nothing."""
        events, self.unstored = self.unstored, []
        await sync_to_async(self._commit)(events, node, outputs, fields)

    def _commit(
        self, events: list[RunEvent], node: str, outputs: dict[str, Any] | None, fields: dict[str, Any]
    ) -> None:
        with transaction.atomic():
            held = Run.objects.filter(pk=self.run_id, fence=self.fence)
            if not held.update(**{"fence": self.fence, **fields}):
                raise StaleFence
            RunEvent.objects.bulk_create(events, ignore_conflicts=True)
            if outputs is not None:
                NodeResult.objects.bulk_create(
                    [NodeResult(run_id=self.run_id, node_id=node, outputs=outputs)], ignore_conflicts=True
                )

    async def close(self) -> None:
        try:
            await client().expire(stream_key(self.run_id), STREAM_EXPIRES)
        except RedisError as error:
            log.warning("run %s: its stream will not expire: %s", self.run_id, error)


def stored_last(run_id: uuid.UUID) -> int:
    return RunEvent.objects.filter(run_id=run_id).aggregate(last=Max("seq"))["last"] or 0


async def _streamed_last(run_id: uuid.UUID) -> int:
    try:
        newest = await client().xrevrange(stream_key(run_id), count=1)
    except RedisError:
        return 0
    return _number(newest)


def _number(newest: Any) -> int:
    """Of the one entry that a stream was asked for; its id is the event's number."""
    return int(newest[0][0].split("-")[0]) if newest else 0


def append_parked(run_id: uuid.UUID, type_: str, node: str, data: dict[str, Any]) -> bool:
    """One event for a run that waits; False when a worker holds it, whose numbers must not be crossed."""
    with transaction.atomic():
        if not Run.objects.select_for_update().filter(pk=run_id, status=Status.WAITING).exists():
            return False
        append_now(run_id, type_, data, node)
    return True


def append_now(run_id: uuid.UUID, type_: str, data: dict[str, Any] | None = None, node: str = "") -> None:
    """One event from outside a worker, for a run that no worker holds.

    Its number lies above what a killed worker only streamed: readers have seen those numbers.
    """
    seq = max(stored_last(run_id), _streamed_last_now(run_id)) + 1
    now = timezone.now().timestamp()
    event = RunEvent(run_id=run_id, seq=seq, type=type_, node=node, data=data or {}, at=now)
    event.save()
    transaction.on_commit(lambda: _stream_now(event))


def _streamed_last_now(run_id: uuid.UUID) -> int:
    try:
        return _number(impatient_client().xrevrange(stream_key(run_id), count=1))
    except RedisError:
        return 0


def _stream_now(event: RunEvent) -> None:
    try:
        impatient_client().xadd(
            stream_key(event.run_id), {"e": json.dumps(event.wire())}, id=f"{event.seq}-0"
        )
    except RedisError as error:
        log.warning("run %s: event %s was not streamed: %s", event.run_id, event.seq, error)
