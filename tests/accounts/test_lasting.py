"""What lasts longer than a request holds nothing of it."""

import threading
from collections.abc import AsyncGenerator

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async

from flowbuilder.accounts.lasting import apart, while_allowed

pytestmark = pytest.mark.django_db(transaction=True)


async def threads_of_the_database() -> AsyncGenerator[int]:
    """Where the items' queries run."""
    for _ in range(3):
        yield await sync_to_async(threading.get_ident)()


async def yes() -> bool:
    return True


@pytest.mark.parametrize("lasting", [apart, lambda items: while_allowed(items, yes)], ids=["apart", "while"])
async def test_a_stream_is_read_in_the_one_thread_for_all(lasting):
    shared = await sync_to_async(threading.get_ident)()
    async with ThreadSensitiveContext():  # as Django answers a request
        mine = await sync_to_async(threading.get_ident)()
        seen = [thread async for thread in lasting(threads_of_the_database())]
    assert seen == [shared] * 3 and shared != mine


@pytest.mark.parametrize("lasting", [apart, lambda items: while_allowed(items, yes)], ids=["apart", "while"])
async def test_who_stops_listening_closes_the_source(lasting):
    closed = []

    async def source() -> AsyncGenerator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    listening = lasting(source())
    assert await anext(listening) == 1
    await listening.aclose()
    assert closed == [True]
