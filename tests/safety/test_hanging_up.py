"""A caller who hangs up before the end: their run takes no worker's time from who waits for an answer."""

import asyncio
import json

import pytest

from flowbuilder.runs.hub import Hub
from flowbuilder.runs.models import Run, Status
from tests.safety.sockets import PATIENCE, Stream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.usefixtures("reading_locks_nothing"),
]


async def test_a_whole_answer_is_stopped_unless_its_caller_may_come_back(world):
    body = json.dumps({"model": "the-flow", "messages": [{"role": "user", "content": "Hi"}]}).encode()
    for more, found in (
        ({}, (Status.CANCELLED, True)),
        ({"idempotency-key": "monday"}, (Status.QUEUED, False)),
    ):
        stream = Stream(world, "key", "POST", "/v1/chat/completions", body, **more)
        async with asyncio.timeout(PATIENCE):
            while not Hub.of_this_loop().seats:  # nobody follows the run yet
                assert await stream.receive_nothing(timeout=0.05)
        await stream.send_input({"type": "http.disconnect"})
        await stream.wait(PATIENCE)
        run = await Run.objects.order_by("-created_at").afirst()
        assert (run.status, run.cancel_requested) == found
