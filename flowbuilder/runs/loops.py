"""The event loop of a worker's thread, which it keeps from run to run.

A loop of each run's own would connect to Redis for each of them: five round trips, before a word is said.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any

_of_this_thread = threading.local()


class KeptLoop:
    """Plays one run after another; like ``asyncio.run`` it leaves no task of one behind."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.runner = asyncio.Runner()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.runner.run(alone(work))


async def alone(work: Coroutine[Any, Any, None]) -> None:
    """``work``, then the end of every task that it has left behind."""
    before = asyncio.all_tasks()
    try:
        await work
    finally:
        left = asyncio.all_tasks() - before
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def kept_loop() -> KeptLoop:
    """This thread's; a worker that was forked has another than its parent."""
    found: KeptLoop | None = vars(_of_this_thread).get("loop")
    if found is None or found.process != os.getpid():
        found = _of_this_thread.loop = KeptLoop()
    return found
