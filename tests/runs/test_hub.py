"""The hub: one reader for all followers, who lose nothing and get nothing twice, however slow or late."""

import asyncio
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from flowbuilder.flows.models import Flow
from flowbuilder.runs import hub
from flowbuilder.runs.execution import ENDINGS
from flowbuilder.runs.hub import Hub, follow
from flowbuilder.runs.log import EventLog, stream_key
from flowbuilder.runs.models import Run, RunEvent, Status
from flowbuilder.wire import client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]
PATIENCE = 30
"""Seconds after which a test that should have long ended is a hang."""


@pytest.fixture
def make_run(asker):
    flow = Flow.objects.create(workspace=asker.workspace, name="Followed", graph={"nodes": [], "wires": []})

    def make(**fields) -> Run:
        held = {"status": Status.RUNNING, "fence": 1, "lease_until": timezone.now(), **fields}
        return Run.objects.create(workspace=asker.workspace, flow=flow, graph={}, **held)

    return make


@pytest.fixture
def no_look(monkeypatch):
    """The database does not stand in: what arrives has come through the stream."""
    monkeypatch.setattr(hub, "LOOK_SECONDS", 1000)


@pytest.fixture
def quick_look(monkeypatch):
    monkeypatch.setattr(hub, "LOOK_SECONDS", 0.05)


class Writer:
    """The worker's log of one run."""

    def __init__(self, run: Run) -> None:
        self.log = EventLog(run.pk, 1, 0)

    async def tokens(self, count: int) -> None:
        for _ in range(count):
            await self.log.append("node.token", "model", {"text": f"{self.log.last + 1} "})
            self.log.push_tokens()
        await self.log.sent()

    async def finish(self) -> None:
        await self.log.append("run.finished", data={"reply": "done"}, hold=True)
        await self.log.commit(**ENDINGS["run.finished"]({"reply": "done"}))


class Follower:
    """Reads in a task of its own; ``pause`` makes it a slow one."""

    def __init__(self, run_id: uuid.UUID, after: int = 0, begins: bool = False) -> None:
        self.numbers: list[int] = []
        self.types: list[str] = []
        self.going = asyncio.Event()
        self.going.set()
        self.progress = asyncio.Condition()
        self.task = asyncio.create_task(self._read(run_id, after, begins))

    async def _read(self, run_id: uuid.UUID, after: int, begins: bool) -> None:
        async for event in follow(run_id, after, begins=begins):
            async with self.progress:
                self.numbers.append(event["seq"])
                self.types.append(event["type"])
                self.progress.notify_all()
            await self.going.wait()

    async def has(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE), self.progress:
            await self.progress.wait_for(lambda: len(self.numbers) >= count)

    async def end(self) -> list[int]:
        await asyncio.wait_for(self.task, PATIENCE)
        return self.numbers


async def test_whoever_reads_the_end_finds_it_in_the_row(make_run, no_look):
    run = await sync_to_async(make_run)()
    log = EventLog(run.pk, 1, 0)
    await log.append("run.started")
    await log.append("run.finished", data={"reply": "done"}, hold=True)
    await log.sent()
    assert await client().xlen(stream_key(run.pk)) == 1
    await log.commit(**ENDINGS["run.finished"]({"reply": "done"}))
    async for event in follow(run.pk):
        if event["type"] == "run.finished":
            assert (await Run.objects.aget(pk=run.pk)).status == Status.FINISHED
    await log.sent()
    assert await client().xlen(stream_key(run.pk)) == 2


async def test_a_hundred_followers_lose_nothing(make_run, no_look):
    runs = [await sync_to_async(make_run)() for _ in range(100)]
    followers = [Follower(run.pk, begins=number % 2 == 1) for number, run in enumerate(runs)]
    writers = [Writer(run) for run in runs]
    await asyncio.gather(*(writer.tokens(30) for writer in writers))
    await asyncio.gather(*(writer.finish() for writer in writers))
    for follower in followers:
        assert await follower.end() == list(range(1, 32))


async def test_one_connection_reads_for_all(make_run, no_look):
    run = await sync_to_async(make_run)()
    writer, followers = Writer(run), [Follower(run.pk) for _ in range(20)]
    await writer.tokens(1)
    for follower in followers:
        await follower.has(1)
    await Hub.of_this_loop().redis.ping()
    reading = [entry for entry in await client().client_list() if entry["cmd"] == "xread"]
    assert len(reading) == 1
    await writer.finish()
    for follower in followers:
        assert await follower.end() == [1, 2]


async def test_a_new_follower_does_not_wait_for_the_blocking_read(make_run, no_look, monkeypatch):
    monkeypatch.setattr(hub, "BLOCK_SECONDS", 1000)
    first, second = [await sync_to_async(make_run)() for _ in range(2)]
    early = Follower(first.pk)
    writer = Writer(first)
    await writer.tokens(1)
    await early.has(1)
    late, writer_of_late = Follower(second.pk), Writer(second)
    await writer_of_late.tokens(5)
    await late.has(5)
    await asyncio.gather(writer.finish(), writer_of_late.finish())
    assert await late.end() == [1, 2, 3, 4, 5, 6]
    assert await early.end() == [1, 2]


async def test_a_late_joiner_gets_everything(make_run, no_look):
    run = await sync_to_async(make_run)()
    writer, early = Writer(run), Follower(run.pk)
    await writer.tokens(10)
    await writer.log.commit()
    await writer.tokens(700)
    await early.has(710)
    late, middle = Follower(run.pk), Follower(run.pk, after=500)
    await late.has(1)
    await writer.tokens(10)
    await writer.finish()
    assert await late.end() == await early.end() == list(range(1, 722))
    assert await middle.end() == list(range(501, 722))


async def test_a_slow_follower_reads_again_and_its_buffer_stays_small(make_run, no_look, monkeypatch):
    monkeypatch.setattr(hub, "BUFFER", 20)
    run = await sync_to_async(make_run)()
    writer, slow, quick = Writer(run), Follower(run.pk), Follower(run.pk)
    await writer.tokens(2)
    await slow.has(1)
    slow.going.clear()
    for burst in range(10):
        await writer.tokens(15)
        await quick.has(2 + 15 * (burst + 1))
        assert all(len(seat.buffer) <= 20 for seat in Hub.of_this_loop().seats[run.pk])
    assert len(slow.numbers) < 20
    slow.going.set()
    await writer.finish()
    assert await slow.end() == await quick.end() == list(range(1, 154))


async def test_events_that_redis_forgot_come_from_the_database_in_order(make_run, quick_look, redis_server):
    run = await sync_to_async(make_run)()
    writer, follower = Writer(run), Follower(run.pk)
    await writer.tokens(3)
    await follower.has(3)
    follower.going.clear()
    await writer.tokens(1)
    await follower.has(4)
    await client().delete(stream_key(run.pk))
    for _ in range(2):
        await writer.tokens(1)
    await client().flushall()
    follower.going.set()
    await writer.tokens(2)
    await writer.log.commit()
    await writer.finish()
    assert await follower.end() == list(range(1, 10))


async def test_a_gap_in_the_stream_waits_for_the_commit(make_run, quick_look):
    run = await sync_to_async(make_run)()
    writer = Writer(run)
    await writer.tokens(4)
    await client().xdel(stream_key(run.pk), "2-0", "3-0")
    follower, at_once = Follower(run.pk), Follower(run.pk, begins=True)
    await follower.has(1)
    await at_once.has(1)
    await writer.tokens(1)
    await writer.log.commit()
    await follower.has(5)
    await writer.finish()
    assert await follower.end() == await at_once.end() == [1, 2, 3, 4, 5, 6]


async def test_a_restarted_redis(make_run, quick_look, redis_server):
    run = await sync_to_async(make_run)()
    writer, follower = Writer(run), Follower(run.pk)
    await writer.tokens(3)
    await follower.has(3)
    await asyncio.to_thread(redis_server.restart)
    await writer.tokens(3)
    await writer.finish()
    assert await follower.end() == list(range(1, 8))


async def test_without_redis_the_database_is_followed(make_run, quick_look, redis_server):
    run = await sync_to_async(make_run)()
    follower, at_once = Follower(run.pk), Follower(run.pk, begins=True)
    await asyncio.to_thread(redis_server.stop)
    try:
        rows = [RunEvent(run=run, seq=seq, type="node.token", at=0) for seq in (1, 2)]
        await RunEvent.objects.abulk_create(rows)
        await follower.has(2)
        await RunEvent.objects.acreate(run=run, seq=3, type="run.cancelled", at=0)
        await Run.objects.filter(pk=run.pk).aupdate(status=Status.CANCELLED)
        assert await follower.end() == await at_once.end() == [1, 2, 3]
    finally:
        await asyncio.to_thread(redis_server.start)


async def test_numbers_that_a_killed_worker_only_streamed_are_no_gap(make_run, no_look):
    run = await sync_to_async(make_run)()
    killed = Writer(run)
    await killed.tokens(3)
    follower = Follower(run.pk)
    await follower.has(3)
    successor = Writer(run)
    await Run.objects.filter(pk=run.pk).aupdate(fence=2)
    successor.log = await EventLog.open(run.pk, 2)
    await successor.tokens(2)
    await successor.finish()
    assert await follower.end() == [1, 2, 3, 4, 5, 6]


async def test_a_failed_run_that_was_resumed_goes_on(make_run, no_look):
    run = await sync_to_async(make_run)()
    writer = Writer(run)
    await writer.log.append("run.failed", data={"error": "x", "node": "a"})
    await writer.log.append("run.resumed", data={"attempt": 2})
    follower = Follower(run.pk)
    await follower.has(2)
    await writer.finish()
    await follower.end()
    assert follower.types == ["run.failed", "run.resumed", "run.finished"]


async def test_a_deleted_run_ends_its_followers(make_run, quick_look):
    run = await sync_to_async(make_run)()
    writer, follower = Writer(run), Follower(run.pk)
    await writer.tokens(1)
    await follower.has(1)
    await run.adelete()
    assert await follower.end() == [1]


async def test_nothing_is_kept_when_nobody_follows(make_run, no_look):
    run = await sync_to_async(make_run)()
    follower = Follower(run.pk)
    await Writer(run).tokens(1)
    await follower.has(1)
    follower.task.cancel()
    await asyncio.gather(follower.task, return_exceptions=True)
    assert not Hub.of_this_loop().seats and not Hub.of_this_loop().cursors


def test_each_loop_has_its_own_hub_and_leaves_none_behind(make_run):
    run = make_run(status=Status.FINISHED)

    async def read() -> int:
        return len([event async for event in follow(run.pk)])

    before = len(Hub.hubs)
    assert asyncio.run(read()) == 0
    assert len(Hub.hubs) == before


async def test_who_asks_for_what_is_not_yet_there_holds_nobody_up(redis_server, make_run, no_look):
    run = await sync_to_async(make_run)()
    writer = Writer(run)
    await writer.tokens(3)
    early = Follower(run.pk, after=10**6)
    await asyncio.wait_for(_seated(run.pk), PATIENCE)
    follower = Follower(run.pk)
    await follower.has(3)
    await writer.tokens(5)
    await follower.has(8)
    assert follower.numbers == list(range(1, 9)) and early.numbers == []
    for each in (early, follower):
        each.task.cancel()


async def _seated(run_id: uuid.UUID) -> None:
    while run_id not in Hub.of_this_loop().cursors:
        await asyncio.sleep(0)
