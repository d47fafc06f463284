"""What the sockets of a shared flow tell a guest: nothing of what lies beside it."""

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from flowbuilder.sharing.models import ROLES
from tests.safety.sockets import FLOW_SOCKET, PATIENCE, Socket
from tests.safety.test_neighbours import HOLDERS, MARKER, guest_of, plant_neighbours
from tests.safety.world.whole import World, make_world

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.usefixtures("channel_layer_of_its_own", "reading_locks_nothing"),
]
OPEN = (FLOW_SOCKET, "ws/runs/<run_id>")


@pytest.fixture
def world(redis_server, transactional_db) -> World:
    world = make_world()
    plant_neighbours(world)
    return world


async def test_no_socket_tells_a_guest_of_what_lies_beside(world):
    heard = ""
    for right in ROLES:
        for holder in HOLDERS:
            guest = await sync_to_async(guest_of)(world, "flow", right, holder)
            world.cookies["guest"] = guest.cookies[settings.SESSION_COOKIE_NAME].value
            for pattern in OPEN:
                socket = Socket(world, "guest", pattern)
                assert await socket.opens(), (right, holder, pattern)
                if pattern != FLOW_SOCKET:
                    await socket.send('{"after": 0}')
                heard += await told_by(socket)
                await socket.leave()
    assert "hello" in heard and "node.finished" in heard
    assert MARKER not in heard.lower()


async def told_by(socket: Socket) -> str:
    """Each says something at once; then all until nothing comes for a moment."""
    said = str(await socket.receive_output(PATIENCE))
    while not await socket.receive_nothing(timeout=0.2):
        said += str(await socket.receive_output(PATIENCE))
    return said
