"""Sockets: opened by whom they should be, from our pages only, and closed to what nobody understands."""

import pytest
from asgiref.sync import sync_to_async

from tests.safety.expectations import ASKERS, FLOW, SOCKETS
from tests.safety.sockets import FLOW_SOCKET, OURS, STANDING, Socket

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.usefixtures("channel_layer_of_its_own", "reading_locks_nothing"),
]


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
