"""Streams to visitors: the reply and nothing else of a run, until the page is closed."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from flowbuilder.accounts import lasting
from flowbuilder.flows import publication
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.models import Doors
from flowbuilder.runs.models import Run, RunEvent, Status
from tests.safety.sockets import PATIENCE, Stream
from tests.safety.world.named import FLOW_SECRET

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.usefixtures("reading_locks_nothing"),
]
SPEAKING = {
    "nodes": [
        {"id": "start", "type": "flow.start"},
        {"id": "plan", "type": "language.local_model", "settings": {"system": FLOW_SECRET}},
        {"id": "model", "type": "language.local_model", "settings": {"system": FLOW_SECRET}},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start", "target": "plan", "target_port": "prompt"},
        {"id": "w2", "source": "plan", "target": "model", "target_port": "prompt"},
        {"id": "w3", "source": "model", "target": "reply", "target_port": "content"},
    ],
}


class Visitors(Stream):
    """A visitor's end of a stream."""

    def __init__(self, world, **headers: str) -> None:
        address, turn = world.parameters["address"], world.parameters["turn_id"]
        self.more = {"x-visitor": world.visitor_pass, **headers}
        super().__init__(world, "nobody", "GET", f"/api/chat/{address}/questions/{turn}/events")
        self.scope["headers"] += [(name.encode(), value.encode()) for name, value in self.more.items()]

    async def frames(self) -> list[tuple[str, dict]]:
        assert (await self.next())["status"] == 200
        told = (await self.rest()).decode()
        fields = [
            dict(line.split(": ", 1) for line in block.split("\n")) for block in told.split("\n\n")[:-1]
        ]
        return [(found["event"], json.loads(found["data"])) for found in fields]


def happen(run: Run, *events: tuple[str, str, dict]) -> None:
    run.events.all().delete()
    rows = enumerate(events, start=1)
    RunEvent.objects.bulk_create(
        RunEvent(run=run, seq=seq, type=kind, node=node, data=data, at=0) for seq, (kind, node, data) in rows
    )


@pytest.fixture
def run(world) -> Run:
    """The visitor's, under way: two models have streamed, of which the second one's words are the reply."""
    found = Run.objects.get(pk=world.parameters["turn_id"])
    held = {"status": Status.RUNNING, "fence": 1, "lease_until": timezone.now(), "reply": ""}
    Run.objects.filter(pk=found.pk).update(graph=SPEAKING, **held)
    happen(
        found,
        ("run.started", "", {}),
        ("node.started", "plan", {"inputs": {"prompt": FLOW_SECRET}}),
        ("node.token", "plan", {"text": FLOW_SECRET}),
        ("node.finished", "plan", {"outputs": {"out": FLOW_SECRET}}),
        ("node.started", "model", {"inputs": {"prompt": FLOW_SECRET}}),
        ("node.report", "model", {"kind": "model", "model": FLOW_SECRET}),
        ("node.token", "model", {"text": "At the "}),
        ("node.token", "model", {"text": "gate."}),
    )
    return found


def finish(run: Run) -> None:
    run.events.create(seq=9, type="run.finished", data={"reply": "At the gate."}, at=0)
    Run.objects.filter(pk=run.pk).update(status=Status.FINISHED, reply="At the gate.")


async def test_only_the_reply_passes(world, run):
    await sync_to_async(finish)(run)
    frames = await Visitors(world).frames()
    assert [kind for kind, _ in frames] == ["start", "text", "text", "reply"]
    assert frames[-1][1] == {"text": "At the gate.", "html": "<p>At the gate.</p>\n", "sources": []}
    assert FLOW_SECRET not in str(frames)


async def test_the_reply_is_the_event_s_though_the_run_s_row_is_not_written_yet(world, run):
    """The stream is quicker than the database."""
    await sync_to_async(finish)(run)
    await Run.objects.filter(pk=run.pk).aupdate(reply="")
    assert (await Visitors(world).frames())[-1][1]["text"] == "At the gate."


async def test_after_a_break_it_goes_on_behind_the_last_number(world, run):
    await sync_to_async(finish)(run)
    frames = await Visitors(world, **{"last-event-id": "7"}).frames()
    assert [data.get("text") for _, data in frames] == ["gate.", "At the gate."]


async def test_a_failure_is_told_in_general_words(world, run):
    data = {"error": f"no model {FLOW_SECRET}", "node": "model"}
    await run.events.acreate(seq=9, type="run.failed", data=data, at=0)
    await Run.objects.filter(pk=run.pk).aupdate(status=Status.FAILED)
    frames = await Visitors(world).frames()
    assert frames[-1][0] == "problem" and FLOW_SECRET not in str(frames)


def take_offline(asker, flow):
    publication.set_publication(asker=asker, flow=flow, number=None)


def close_the_page(asker, flow):
    ways_in.change(asker=asker, flow=flow, page=False)


def move(asker, flow):
    ways_in.change(asker=asker, flow=flow, address="")


@pytest.mark.parametrize("closing", [take_offline, close_the_page, move])
async def test_what_is_closed_ends_open_streams_and_their_runs(world, run, monkeypatch, asker_of, closing):
    monkeypatch.setattr(lasting, "RECHECK_SECONDS", 0.05)
    stream = Visitors(world)
    assert (await stream.next())["status"] == 200
    assert b"event: start" in (await stream.next())["body"]
    await sync_to_async(closing)(asker_of(world), world.flow)
    assert b"event: closed" in await stream.rest()
    assert (await Run.objects.aget(pk=run.pk)).cancel_requested


def close_the_api(asker, flow):
    ways_in.change(asker=asker, flow=flow, api=False)


@pytest.mark.parametrize("closing", [take_offline, close_the_api])
async def test_a_program_s_stream_ends_too(world, monkeypatch, asker_of, closing):
    monkeypatch.setattr(lasting, "RECHECK_SECONDS", 0.05)
    body = {"model": "the-flow", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    stream = Stream(world, "key", "POST", "/v1/chat/completions", json.dumps(body).encode())
    assert (await stream.next())["status"] == 200
    await stream.next()
    await sync_to_async(closing)(asker_of(world), world.flow)
    assert b"taken offline" in await stream.rest()
    assert (await Run.objects.order_by("-created_at").afirst()).status == Status.CANCELLED


async def test_a_closed_api_ends_the_events_of_a_run_for_keys_alone(world, run, monkeypatch, asker_of):
    monkeypatch.setattr(lasting, "RECHECK_SECONDS", 0.05)
    streams = [Stream(world, asker, "GET", f"/api/runs/{run.pk}/events") for asker in ("key", "editor")]
    for stream in streams:
        assert (await stream.next())["status"] == 200
        for _ in range(8):
            await stream.next()
    await sync_to_async(close_the_api)(asker_of(world), world.flow)
    assert await streams[0].rest() == b""
    await sync_to_async(finish)(run)
    assert b"run.finished" in await streams[1].rest()


@pytest.fixture
def asker_of():
    from flowbuilder.accounts.models import Asker, Role

    return lambda world: Asker(world.people["owner"], world.workspace, Role.OWNER)


async def test_a_visitor_who_leaves_may_come_back(world, run):
    stream = Visitors(world)
    await stream.next()
    await stream.next()
    await stream.send_input({"type": "http.disconnect"})
    await stream.wait(PATIENCE)
    assert not (await Run.objects.aget(pk=run.pk)).cancel_requested
    assert await Doors.objects.acount() == 1
