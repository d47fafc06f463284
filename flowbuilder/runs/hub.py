"""Following runs: first what is stored, then what streams, with no gap and nothing twice.

One hub for each event loop (so one for a web process) reads the streams of all followed runs with a single
blocking call and hands every event to those who follow its run. A follower that cannot keep up loses its
buffer, never an event: it reads again from its last number.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from django.db import DatabaseError
from django.db.models import OuterRef, Subquery
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from flowbuilder.runs.log import stream_key
from flowbuilder.runs.models import ENDED, Run, RunEvent, Status

log = logging.getLogger(__name__)
LAST = {"run.finished", "run.failed", "run.cancelled"}
BUFFER = 1000
"""Events that wait for one slow follower."""
PAGE = 500
BLOCK_SECONDS = 5
RECONNECT_SECONDS = 0.2
LOOK_SECONDS = 1.0
"""How often the database is asked about runs of which the stream says nothing."""

Event = dict[str, Any]


async def follow(run_id: uuid.UUID, after: int = 0, *, begins: bool = False) -> AsyncIterator[Event]:
    """Events numbered above ``after``, live, until the run has ended.

    When Redis was flushed or restarted in between, the database fills the gap. ``begins``: the run was accepted just
    now, so its stream has everything from its first event on, and nothing is looked up before.
    """
    hub = Hub.of_this_loop()
    with hub.seat(run_id, after) as seat:
        if begins:
            await hub.read_from(seat)
            async for event in _live(seat):
                yield event
        while not seat.over:
            async for event in _reread(hub, seat):
                yield event
            await hub.read_from(seat)
            async for event in _live(seat):
                yield event


async def _reread(hub: Hub, seat: Seat) -> AsyncIterator[Event]:
    """What is stored, then what the stream has beyond it. The seat's buffer fills meanwhile."""
    seat.clear()
    async for event in _stored(seat):
        yield event
    if await _ended(seat.run_id):
        # Whatever came between the two looks.
        async for event in _stored(seat):
            yield event
        seat.over = True
    while not seat.over and (page := await hub.streamed(seat)):
        taken = seat.take(page)
        for event in taken:
            yield event
        if len(taken) < len(page):
            # Redis has forgotten some, or never got them: they come with the worker's next commit.
            seat.wait_for_database()
            return


async def _stored(seat: Seat) -> AsyncIterator[Event]:
    """In pages: a long run must not fill the memory for one slow follower."""
    while rows := [
        row async for row in RunEvent.objects.filter(run_id=seat.run_id, seq__gt=seat.after)[:PAGE]
    ]:
        for row in rows:
            seat.after = row.seq
            yield row.wire()


async def _ended(run_id: uuid.UUID) -> bool:
    status = await Run.objects.filter(pk=run_id).values_list("status", flat=True).afirst()
    return status is None or status in ENDED


async def _live(seat: Seat) -> AsyncIterator[Event]:
    while not (seat.reread or seat.over):
        await seat.changed.wait()
        seat.changed.clear()
        for event in seat.take(seat.waiting()):
            yield event


class Seat:
    """One follower: where it has read to, and what waits for it."""

    def __init__(self, run_id: uuid.UUID, after: int) -> None:
        self.run_id = run_id
        self.after = after
        self.over = False
        self.heard = False
        self.changed = asyncio.Event()
        self.clear()

    @property
    def newest(self) -> int:
        return self.buffer[-1]["seq"] if self.buffer else self.after

    def clear(self) -> None:
        self.buffer: deque[Event] = deque()
        self.reread = False
        self.missing = False
        """Nothing can be handed over before the database has more."""

    def offer(self, events: list[Event]) -> None:
        if self.reread or self.missing:
            return
        self.heard = True
        self.buffer.extend(events)
        if len(self.buffer) > BUFFER:
            self.read_again()
        self.changed.set()

    def read_again(self) -> None:
        self.buffer.clear()
        self.reread = True
        self.changed.set()

    def wait_for_database(self) -> None:
        self.buffer.clear()
        self.reread, self.missing = False, True

    def waiting(self) -> list[Event]:
        events = list(self.buffer)
        self.buffer.clear()
        return events

    def take(self, events: list[Event]) -> list[Event]:
        """Those that come next; at a gap the rest is left, to be read again."""
        taken: list[Event] = []
        for event in events:
            if event["seq"] > self.after + 1:
                self.reread = True
                return taken
            if event["seq"] == self.after + 1:
                self.after += 1
                taken.append(event)
        # Not in the middle: a failed run that was resumed goes on.
        self.over = bool(taken) and taken[-1]["type"] in LAST
        return taken


class Hub:
    """The one reader of an event loop."""

    hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()

    @classmethod
    def of_this_loop(cls) -> Hub:
        loop = asyncio.get_running_loop()
        if loop not in cls.hubs:
            cls.hubs[loop] = cls()
        return cls.hubs[loop]

    def __init__(self) -> None:
        self.seats: dict[uuid.UUID, set[Seat]] = {}
        self.cursors: dict[uuid.UUID, int] = {}
        # No retries: while Redis is away the database stands in at once.
        self.redis = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            decode_responses=True,
            socket_timeout=None,
            socket_connect_timeout=5,
            retry=Retry(NoBackoff(), 0),
        )
        self.wake_key = f"fb:hub:{uuid.uuid4().hex}"
        self.tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._look())]

    @contextmanager
    def seat(self, run_id: uuid.UUID, after: int) -> Iterator[Seat]:
        seat = Seat(run_id, after)
        self.seats.setdefault(run_id, set()).add(seat)
        try:
            yield seat
        finally:
            self.seats[run_id].discard(seat)
            if not self.seats[run_id]:
                del self.seats[run_id]
                self.cursors.pop(run_id, None)

    async def streamed(self, seat: Seat) -> list[Event]:
        """The next page of the run's stream; nothing when Redis is away."""
        try:
            entries = await self.redis.xrange(stream_key(seat.run_id), f"({seat.after}-0", "+", count=PAGE)
        except (RedisError, OSError):
            return []
        return [json.loads(fields["e"]) for _, fields in entries]

    async def read_from(self, seat: Seat) -> None:
        """Read this run's stream too, from where the seat is, unless it is read from there for another already."""
        if seat.over or self.cursors.get(seat.run_id, seat.newest + 1) <= seat.newest:
            return
        self.cursors[seat.run_id] = seat.after
        try:
            # An entry in the hub's own stream ends the blocking call; the next one includes this run.
            wake = self.redis.pipeline(transaction=False)
            wake.xadd(self.wake_key, {"run": str(seat.run_id)}, maxlen=1)
            wake.expire(self.wake_key, 60)
            await wake.execute()
        except (RedisError, OSError) as error:
            log.warning("the hub could not be woken for run %s: %s", seat.run_id, error)

    async def _read(self) -> None:
        woken = "0"
        try:
            while True:
                woken = await self._read_once(woken)
        finally:
            # The loop ends, or this reader broke: whoever comes next gets a new hub.
            self.hubs.pop(asyncio.get_running_loop(), None)
            await self.redis.aclose()

    async def _read_once(self, woken: str) -> str:
        """One blocking read over all streams, handed out; the newest entry of the hub's own stream."""
        streams = {self.wake_key: woken}
        streams |= {stream_key(run_id): f"{last}-0" for run_id, last in self.cursors.items()}
        try:
            # The socket has no timeout of its own; a Redis that vanished without a word is noticed here.
            async with asyncio.timeout(BLOCK_SECONDS + 5):
                answer = await self.redis.xread(streams, block=BLOCK_SECONDS * 1000, count=PAGE)
        except (RedisError, OSError) as error:
            log.warning("the streams of runs cannot be read, the database stands in: %s", error)
            await asyncio.sleep(RECONNECT_SECONDS)
            return woken
        for key, entries in answer or []:
            if key == self.wake_key:
                woken = entries[-1][0]
            else:
                self._hand_out(uuid.UUID(key.split(":")[2]), entries)
        return woken

    def _hand_out(self, run_id: uuid.UUID, entries: list[tuple[str, dict[str, str]]]) -> None:
        if run_id not in self.cursors:
            return
        events = [json.loads(fields["e"]) for _, fields in entries]
        self.cursors[run_id] = events[-1]["seq"]
        for seat in self.seats[run_id]:
            seat.offer(events)

    async def _look(self) -> None:
        """Events that never reached a stream, and ends of runs, come from the database: one query for all."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not (quiet := self._quiet()):
                continue
            try:
                known = await _newest_stored({seat.run_id for seat in quiet})
            except DatabaseError as error:
                log.warning("the database cannot say how far the followed runs are: %s", error)
                continue
            for seat in quiet:
                last, status = known.get(seat.run_id, (0, Status.CANCELLED))
                if status in ENDED or last > seat.newest:
                    seat.read_again()

    def _quiet(self) -> list[Seat]:
        """Who was handed nothing since the last time."""
        everybody = [seat for seats in self.seats.values() for seat in seats]
        quiet = [seat for seat in everybody if not seat.heard]
        for seat in everybody:
            seat.heard = False
        return quiet


async def _newest_stored(run_ids: set[uuid.UUID]) -> dict[uuid.UUID, tuple[int, str]]:
    newest = RunEvent.objects.filter(run=OuterRef("pk")).order_by("-seq").values("seq")[:1]
    rows = Run.objects.filter(pk__in=run_ids).annotate(last=Subquery(newest))
    return {pk: (last or 0, status) async for pk, last, status in rows.values_list("pk", "last", "status")}
