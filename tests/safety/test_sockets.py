"""Sockets and streams: opened by whom they should be, from our pages only, closed when the right is gone."""

import json

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import channel_layers
from django.conf import settings
from django.utils import timezone

from flowbuilder.accounts import lasting
from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.services import asker_from_user
from flowbuilder.asgi import application
from flowbuilder.flows.models import Flow
from flowbuilder.people import deletion
from flowbuilder.people.signing_in import sessions
from flowbuilder.runs.models import Run, RunEvent, Status
from flowbuilder.sharing.models import Share
from tests.safety.expectations import ASKERS, FLOW, SOCKETS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]
HOST = "localhost:8000"
OURS = f"http://{HOST}"
PATIENCE = 10
"""Seconds after which a test that should have long ended is a hang."""


@pytest.fixture
def going_on(world) -> Run:
    """The world's run, held by a worker and at its second event."""
    Run.objects.filter(pk=world.run.pk).update(status=Status.RUNNING, fence=1, lease_until=timezone.now())
    world.run.events.all().delete()
    for seq in (1, 2):
        RunEvent.objects.create(run=world.run, seq=seq, type="node.token", data={"text": "ibis"}, at=0)
    return world.run


@pytest.fixture(autouse=True)
def _a_channel_layer_of_its_own():
    """Each test has an event loop of its own, to which the layer's locks are bound."""
    channel_layers.backends.clear()


@pytest.fixture
def asked_often(monkeypatch):
    monkeypatch.setattr(lasting, "RECHECK_SECONDS", 0.05)


def headers_of(world, asker: str, **more: str | None) -> list[tuple[bytes, bytes]]:
    headers = {"host": HOST, **more}
    if asker in world.cookies:
        headers["cookie"] = f"{settings.SESSION_COOKIE_NAME}={world.cookies[asker]}"
    if asker in world.secrets:
        headers["authorization"] = f"Bearer {world.secrets[asker]}"
    return [(name.encode(), value.encode()) for name, value in headers.items() if value is not None]


class Socket(ApplicationCommunicator):
    """A browser's end of a socket to the real application. (channels' own needs Daphne.)"""

    def __init__(self, world, asker: str, pattern: str = "ws/runs/<run_id>", **headers: str | None) -> None:
        path = "/" + pattern
        for name in ("run_id", "flow_id"):
            path = path.replace(f"<{name}>", world.parameters[name])
        sent = headers_of(world, asker, **{"origin": OURS, **headers})
        super().__init__(application, {"type": "websocket", "path": path, "headers": sent})

    async def opens(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def send(self, sent: str | bytes) -> None:
        kind = "bytes" if isinstance(sent, bytes) else "text"
        await self.send_input({"type": "websocket.receive", kind: sent})

    async def event(self) -> dict:
        return json.loads((await self.receive_output(PATIENCE))["text"])

    async def closed(self) -> int:
        """The code that it is closed with; events before that are let pass."""
        while (message := await self.receive_output(PATIENCE))["type"] != "websocket.close":
            pass
        await self.leave(message["code"])
        return message["code"]

    async def leave(self, code: int = 1000) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": code})
        await self.wait(PATIENCE)


@pytest.mark.parametrize("pattern", SOCKETS)
async def test_who_opens_a_socket(world, pattern):
    opened = {}
    for asker in ASKERS:
        socket = Socket(world, asker, pattern)
        opened[asker] = await socket.opens()
        await socket.leave()
    may = {
        name: who.by == "session"
        and who.right >= SOCKETS[pattern]
        and (FLOW in who.reach or pattern == STANDING)
        for name, who in ((name, asker.at("GET", pattern)) for name, asker in ASKERS.items())
    }
    assert opened == may


async def test_a_socket_that_there_is_not_is_closed(world):
    socket = Socket(world, "owner", "ws/nowhere")
    assert not await socket.opens()
    await socket.leave()


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "http://localhost:9000",
        "http://localhost",
        f"{OURS}.evil.example",
        "http://[",
    ],
)
async def test_a_page_of_another_origin_opens_none(world, origin):
    assert not await Socket(world, "owner", origin=origin).opens()


async def test_a_host_that_we_do_not_answer_to_opens_none(world):
    """Another site's name that was bound to our address."""
    assert not await Socket(world, "owner", origin="http://rebound.example", host="rebound.example").opens()


async def test_a_site_that_the_administrator_trusts_opens_one(world, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://flows.example"]
    socket = Socket(world, "owner", origin="https://flows.example")
    assert await socket.opens()
    await socket.leave()


@pytest.mark.parametrize(
    "sent", ["", "after", "[]", '{"after": -1}', '{"after": 1e99}', '{"after": "0"}', "[" * 100_000, b"\x00"]
)
async def test_what_nobody_understands_closes_the_socket(world, sent):
    socket = Socket(world, "owner")
    await socket.opens()
    await socket.send(sent)
    assert await socket.closed() == 4400


STANDING = "ws/standing"


def leave(world):
    world.people["editor"].memberships.all().delete()


def be_deactivated(world):
    type(world.people["editor"]).objects.filter(email="editor@example.test").update(is_active=False)


def change_password(world):
    world.people["editor"].set_password("another horse battery")
    world.people["editor"].save()


def sign_out(world):
    world.client("editor").post("/accounts/sign-out/")


def be_ended_elsewhere(world):
    """On the page of one's account, from another browser."""
    person, key = world.people["editor"], world.cookies["editor"]
    one = UserSession.objects.create(user=person, ip="127.0.0.1", session_key=key)
    assert sessions.end(person, one.pk)


LOSSES = [leave, be_deactivated, change_password, sign_out, be_ended_elsewhere]


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_lost_right_closes_the_socket(world, going_on, asked_often, loss):
    lost, kept = Socket(world, "editor"), Socket(world, "viewer")
    for socket in (lost, kept):
        await socket.opens()
        await socket.send('{"after": 1}')
        assert (await socket.event())["seq"] == 2
    await sync_to_async(loss)(world)
    assert await lost.closed() == 4404
    assert await kept.receive_nothing(timeout=0.2)
    await kept.leave()


async def test_nobody_stays_in_a_deleted_workspace(world, going_on, asked_often):
    sockets = [Socket(world, asker) for asker in ("owner", "editor", "viewer")]
    for socket in sockets:
        await socket.opens()
    owner = await sync_to_async(asker_from_user)(world.people["owner"])
    await sync_to_async(deletion.ask_for)(asker=owner, name=world.workspace.name)
    assert [await socket.closed() for socket in sockets] == [4404] * 3


async def test_a_silent_socket_is_closed_too(world, asked_often):
    socket = Socket(world, "editor")
    await socket.opens()
    await sync_to_async(leave)(world)
    assert await socket.closed() == 4404


FLOW_SOCKET = "ws/flows/<flow_id>"


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_lost_right_closes_an_editor_and_the_others_see_who_left(world, asked_often, loss):
    lost, kept = Socket(world, "editor", FLOW_SOCKET), Socket(world, "viewer", FLOW_SOCKET)
    for socket in (kept, lost):
        await socket.opens()
    hello = await lost.event()
    assert (hello["type"], hello["can_edit"]) == ("hello", True)
    await sync_to_async(loss)(world)
    assert await lost.closed() == 4404
    left = {"type": "left", "id": hello["id"]}
    while await kept.event() != left:
        pass
    await kept.leave()


@pytest.mark.parametrize("asker", ["guest who edits", "holder of a link"])
@pytest.mark.parametrize("pattern", [pattern for pattern in SOCKETS if pattern != STANDING])
async def test_what_is_shared_no_longer_closes_its_sockets(world, asked_often, pattern, asker):
    guest, kept = Socket(world, asker, pattern), Socket(world, "viewer", pattern)
    for socket in (guest, kept):
        assert await socket.opens()
    await Share.objects.filter(workspace=world.workspace).adelete()
    assert await guest.closed() == 4404
    await kept.leave()


async def test_a_link_that_is_over_closes_its_sockets(world, asked_often):
    guest = Socket(world, "holder of a link", FLOW_SOCKET)
    assert await guest.opens()
    await Share.objects.filter(workspace=world.workspace).aupdate(expires_at=timezone.now())
    assert await guest.closed() == 4404


async def test_who_leaves_a_group_has_its_rights_no_longer(world, asked_often):
    socket = Socket(world, "viewer whose group edits the flow", FLOW_SOCKET)
    await socket.opens()
    assert (await socket.event())["can_edit"]
    membership = await world.people["viewer whose group edits the flow"].memberships.aget()
    await sync_to_async(membership.groups.clear)()
    while await socket.event() != {"type": "rights", "can_edit": False}:
        pass
    await socket.leave()


async def test_a_guest_who_may_edit_no_longer_is_told(world, asked_often):
    socket = Socket(world, "guest who edits", FLOW_SOCKET)
    await socket.opens()
    assert (await socket.event())["can_edit"]
    await Share.objects.filter(person=world.people["guest who edits"]).aupdate(right="view")
    while await socket.event() != {"type": "rights", "can_edit": False}:
        pass
    await socket.leave()


async def test_a_lower_role_is_told_and_what_is_saved_elsewhere_is_noticed(world, asked_often):
    socket = Socket(world, "editor", FLOW_SOCKET)
    await socket.opens()
    assert (await socket.event())["can_edit"]
    memberships = world.people["editor"].memberships
    await sync_to_async(memberships.update)(role="viewer")
    await Flow.objects.filter(pk=world.flow.pk).aupdate(revision=41)
    wanted = [{"type": "rights", "can_edit": False}, {"type": "revision", "revision": 41}]
    while wanted:
        said = await socket.event()
        wanted = [message for message in wanted if message != said]
    await socket.leave()


async def test_editors_see_each_other_and_what_each_saves(world):
    one, other = Socket(world, "owner", FLOW_SOCKET), Socket(world, "editor", FLOW_SOCKET)
    await one.opens()
    assert (await one.event())["type"] == "hello"
    await other.opens()
    hello = await other.event()
    assert (await one.event())["id"] == hello["id"]
    while (await other.event()).get("person") != world.people["owner"].pk:
        pass
    await other.send('{"cursor": {"x": 3, "y": 4}, "selection": ["prompt"]}')
    while not (look := await one.event()).get("cursor"):
        pass
    assert (look["cursor"], look["selection"]) == ({"x": 3, "y": 4}, ["prompt"])
    body = {
        "client": "tab",
        "number": 1,
        "revision": 1,
        "changes": [{"path": ["nodes", "prompt", "label"], "value": "Ask"}],
    }
    client = world.client("owner")
    path = f"/api/flows/{world.flow.pk}/edits"
    answer = await sync_to_async(client.post)(path, body, content_type="application/json")
    assert answer.status_code == 200
    for socket in (one, other):
        # Who is there is told again every few seconds.
        while (told := await socket.event())["type"] != "edits":
            assert told["type"] in {"look", "revision"}
        assert told["changes"] == body["changes"]
        await socket.leave()


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "[]",
        '{"cursor": {"x": 1e999, "y": 0}}',
        '{"selection": "a"}',
        '{"edits": []}',
        "[" * 100_000,
        b"\x00",
    ],
)
async def test_what_is_no_look_closes_an_editor_s_socket(world, sent):
    socket = Socket(world, "owner", FLOW_SOCKET)
    await socket.opens()
    await socket.send(sent)
    assert await socket.closed() == 4400


def be_demoted(world):
    world.people["editor"].memberships.update(role="viewer")


@pytest.mark.parametrize(
    ("loss", "what"),
    [
        (leave, "removed"),
        (be_demoted, "role"),
        (sign_out, "signed out"),
        (change_password, "signed out"),
    ],
)
async def test_an_open_page_is_told_what_became_of_its_person(world, asked_often, loss, what):
    lost, kept = Socket(world, "editor", STANDING), Socket(world, "viewer", STANDING)
    for socket in (kept, lost):
        await socket.opens()
    await sync_to_async(loss)(world)
    assert await lost.event() == {"what": what}
    assert await lost.closed() == 4403
    assert await kept.receive_nothing(timeout=0.2)
    await kept.leave()


class Stream(ApplicationCommunicator):
    """An answer of the real application, read as a server would."""

    def __init__(self, world, asker: str, method: str, path: str, body: bytes = b"") -> None:
        headers = headers_of(world, asker, **{"content-type": "application/json"})
        scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
        super().__init__(application, scope)
        self.input_queue.put_nowait({"type": "http.request", "body": body, "more_body": False})

    async def next(self) -> dict:
        return await self.receive_output(PATIENCE)

    async def rest(self) -> bytes:
        """What is sent until the answer ends by itself."""
        text = b""
        while (piece := await self.next()).get("more_body"):
            text += piece["body"]
        await self.wait(PATIENCE)
        return text


@pytest.mark.parametrize("asker", ["key", "editor"])
async def test_a_lost_right_ends_the_stream(world, going_on, asked_often, asker):
    stream = Stream(world, asker, "GET", f"/api/runs/{world.run.pk}/events")
    assert (await stream.next())["status"] == 200
    for seq in (1, 2):
        assert f"id: {seq}\n".encode() in (await stream.next())["body"]
    if asker == "key":
        await sync_to_async(ApiKey.objects.get(pk=world.parameters["key_id"]).revoke)()
    else:
        await sync_to_async(leave)(world)
    assert await stream.rest() == b""


async def test_a_revoked_key_ends_its_completion_and_the_run(world, asked_often):
    body = {"model": "the-flow", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    stream = Stream(world, "key", "POST", "/v1/chat/completions", json.dumps(body).encode())
    assert (await stream.next())["status"] == 200
    await stream.next()
    await sync_to_async(ApiKey.objects.get(pk=world.parameters["key_id"]).revoke)()
    assert b"invalid_api_key" in await stream.rest()
    run = await Run.objects.order_by("-created_at").afirst()
    assert run.status == Status.CANCELLED


def test_the_promise_is_kept():
    assert lasting.RECHECK_SECONDS <= 4
