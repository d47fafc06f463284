"""A worker's loop is kept from run to run, and nothing of one run reaches into the next."""

import asyncio
import threading

import pytest

from flowbuilder.runs.loops import kept_loop
from flowbuilder.wire import client


def test_runs_share_a_loop_and_its_connection_to_redis():
    seen = []

    async def once():
        seen.append((asyncio.get_running_loop(), client()))

    kept_loop().run(once())
    kept_loop().run(once())
    assert seen[0] == seen[1]


def test_what_a_run_left_behind_ends_with_it():
    left = []

    async def forgetful():
        left.append(asyncio.create_task(asyncio.sleep(1000)))
        await asyncio.sleep(0)
        raise ValueError("the node broke")

    with pytest.raises(ValueError, match="the node broke"):
        kept_loop().run(forgetful())
    assert left[0].cancelled()


def test_each_thread_has_its_own():
    found = []
    thread = threading.Thread(target=lambda: found.append(kept_loop()))
    thread.start()
    thread.join()
    assert found[0] is not kept_loop()
