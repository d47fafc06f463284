"""The numbered event log: live on a Redis Stream, for good in the database.

A stream entry's id is its event's number, so a reader asks for what comes after the last it saw.
Tokens of about 25 ms travel as one event.
"""

from __future__ import annotations

import asyncio
import contextlib
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

from flowbuilder.runs.fenced import Entry, store
from flowbuilder.runs.models import Run, RunEvent, Status
from flowbuilder.wire import client, impatient_client

log = logging.getLogger(__name__)
JOIN_SECONDS = 0.025
SPACING_SECONDS = 0.005
STREAM_EXPIRES = 3600
MANY = 50
MAX_OUTGOING = 5000
"""Events that may wait for a slow Redis before the engine does."""
FIRST_FENCE = 1
"""Who holds it is the first to run the run: nothing was there before."""


def stream_key(run_id: uuid.UUID | str) -> str:
    return f"fb:run:{run_id}:events"


class EventLog:
    """Writes one run's events on behalf of the holder of ``fence``.

    Nobody waits for Redis: numbered events gather while the ones before them are on their way.
    """

    def __init__(self, run_id: uuid.UUID, fence: int, last: int) -> None:
        self.run_id = run_id
        self.fence = fence
        self.last = last
        self.unstored: list[Entry] = []
        self.outgoing: list[Entry] = []
        self.held: list[Entry] = []
        """What the run's row says with it: sent once that is stored."""
        self.tokens: dict[str, list[str]] = {}
        self.order = asyncio.Lock()
        self.sending: asyncio.Task[None] | None = None
        self.urgent = asyncio.Event()

    @classmethod
    async def open(cls, run_id: uuid.UUID, fence: int) -> EventLog:
        """Go on after the highest number anybody saw: stored, or only streamed by a killed worker."""
        if fence == FIRST_FENCE:
            return cls(run_id, fence, 0)
        return cls(run_id, fence, max(await sync_to_async(stored_last)(run_id), await _streamed_last(run_id)))

    async def append(
        self, type_: str, node: str = "", data: dict[str, Any] | None = None, *, hold: bool = False
    ) -> None:
        """Tokens wait to be joined; anything else goes out at once, after the tokens before it.

        ``hold`` keeps it until the next commit: whoever reads that a run has ended asks for its row.
        """
        if type_ == "node.token":
            self.tokens.setdefault(node, []).append((data or {})["text"])
            return
        self._number_tokens()
        self._number(type_, node, data or {})
        if hold:
            self.held.append(self.outgoing.pop())
        self._send_soon()
        if len(self.outgoing) > MAX_OUTGOING:
            await self.sent()

    async def join_tokens(self) -> None:
        """Runs beside the engine and sends what has gathered; the busier Redis is, the more goes as one event."""
        while True:
            await asyncio.sleep(JOIN_SECONDS)
            if self.tokens:
                async with self.order:
                    self._number_tokens()
                    await self._send()

    def push_tokens(self) -> None:
        if self.tokens:
            self._number_tokens()
            self._send_soon()

    def _number_tokens(self) -> None:
        gathered, self.tokens = self.tokens, {}
        for node, pieces in gathered.items():
            self._number("node.token", node, {"text": "".join(pieces)})

    def _number(self, type_: str, node: str, data: dict[str, Any]) -> None:
        self.last += 1
        event = Entry(self.last, type_, node, data, time.time())
        self.unstored.append(event)
        self.outgoing.append(event)

    def _send_soon(self) -> None:
        if self.sending is None or self.sending.done():
            self.sending = asyncio.create_task(self._send_spaced())

    async def _send_spaced(self) -> None:
        """Quick nodes follow each other within a millisecond: their events travel together."""
        while self.outgoing:
            async with self.order:
                await self._send()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SPACING_SECONDS):
                    await self.urgent.wait()

    async def _send(self) -> None:
        """One sender at a time: numbers must reach the stream in their order."""
        events, self.outgoing = self.outgoing, []
        try:
            refused = await self._streamed(events)
        except RedisError as error:
            refused = error
        if refused is not None:
            # The stream is a wire; the database gets these events at the next commit.
            log.warning("run %s: events up to %s were not streamed: %s", self.run_id, self.last, refused)

    async def _streamed(self, events: list[Entry]) -> Exception | None:
        """The first refusal, if any."""
        key = stream_key(self.run_id)
        if len(events) == 1:
            await client().xadd(key, {"e": json.dumps(events[0].wire())}, id=f"{events[0].seq}-0")
            return None
        pipeline = client().pipeline(transaction=False)
        for event in events:
            pipeline.xadd(key, {"e": json.dumps(event.wire())}, id=f"{event.seq}-0")
        answers = await pipeline.execute(raise_on_error=False)
        return next((answer for answer in answers if isinstance(answer, Exception)), None)

    async def sent(self) -> None:
        """Wait until all events so far are in the stream, or were refused."""
        self.urgent.set()
        while self.outgoing or self.order.locked():
            async with self.order:
                await self._send()
        self.urgent.clear()

    async def commit(self, results: dict[str, dict[str, Any]] | None = None, **fields: Any) -> None:
        """Store all events so far, outputs by node and fields of the run, or ``StaleFence`` and nothing."""
        if len(self.unstored) > MANY:
            # Storing them takes the processor for a while; readers should not wait for that.
            await self.sent()
        events, self.unstored = self.unstored, []
        await sync_to_async(store)(self.run_id, self.fence, events=events, results=results, fields=fields)
        if self.held:
            self.outgoing += self.held
            self.held = []
            self._send_soon()

    async def close(self) -> None:
        await self.sent()
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
