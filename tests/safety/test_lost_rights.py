"""A right that is gone closes the sockets and streams that it opened, within five seconds."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from flowbuilder.accounts import lasting
from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.services import asker_from_user
from flowbuilder.flows.models import Flow
from flowbuilder.people import deletion
from flowbuilder.runs.models import Run, RunEvent, Status
from flowbuilder.sharing.models import Share
from tests.safety.expectations import SOCKETS
from tests.safety.sockets import (
    FLOW_SOCKET,
    LOSSES,
    STANDING,
    Socket,
    Stream,
    change_password,
    leave,
    sign_out,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.usefixtures("channel_layer_of_its_own", "reading_locks_nothing"),
]


@pytest.fixture
def going_on(world) -> Run:
    """The world's run, held by a worker and at its second event."""
    Run.objects.filter(pk=world.run.pk).update(status=Status.RUNNING, fence=1, lease_until=timezone.now())
    world.run.events.all().delete()
    for seq in (1, 2):
        RunEvent.objects.create(run=world.run, seq=seq, type="node.token", data={"text": "ibis"}, at=0)
    return world.run


@pytest.fixture
def asked_often(monkeypatch):
    monkeypatch.setattr(lasting, "RECHECK_SECONDS", 0.05)


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
