"""What lasts longer than a request: streams and sockets.

A right that was taken away ends them: they ask again while they last. And they hold neither a thread nor a connection
to the database. Django gives each request a thread of its own, which keeps its connection to the end; what lasts is
therefore read in an empty context, where asgiref has one thread for all.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connections
from django.http import StreamingHttpResponse

log = logging.getLogger(__name__)
RECHECK_SECONDS = 3.0
"""A removed member or a revoked key is noticed within this time; five seconds are promised."""

T = TypeVar("T")


async def until_refused(allowed: Callable[[], Awaitable[bool]]) -> None:
    """Returns when ``allowed`` says no."""
    # A hundred sockets that opened together would else ask together, and events stand still meanwhile.
    await asyncio.sleep(random.uniform(0, RECHECK_SECONDS))  # noqa: S311 - not a secret
    while True:
        try:
            if not await allowed():
                return
        except DatabaseError as error:
            # While the database is away nobody can take a right away either.
            log.warning("who follows a run cannot be checked now: %s", error)
            await sync_to_async(close_old_connections)()
        await asyncio.sleep(RECHECK_SECONDS)


async def stop(task: "asyncio.Task[Any] | None") -> None:
    """End what a socket had started, and wait for its end."""
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def while_allowed(
    items: AsyncGenerator[T], allowed: Callable[[], Awaitable[bool]], farewell: T | None = None
) -> AsyncGenerator[T]:
    """``items``, until they end or ``allowed`` says no; then ``farewell`` is the last one."""
    await sync_to_async(connections.close_all)()
    watch = outside(until_refused(allowed))
    upcoming = None
    try:
        while True:
            upcoming = outside(next_of(items))
            await asyncio.wait({upcoming, watch}, return_when=asyncio.FIRST_COMPLETED)
            if watch.done():
                break
            try:
                yield upcoming.result()
            except StopAsyncIteration:
                return
        if farewell is not None:
            yield farewell
    finally:
        watch.cancel()
        if upcoming is not None:
            upcoming.cancel()
            await asyncio.wait({upcoming})
        await outside(items.aclose())


async def apart(items: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """``items``, for who waits for them to the end."""
    await sync_to_async(connections.close_all)()
    try:
        while True:
            try:
                yield await outside(next_of(items))
            except StopAsyncIteration:
                return
    finally:
        await outside(items.aclose())


def event_stream(frames: AsyncGenerator[bytes]) -> StreamingHttpResponse:
    """Server-sent events, which nothing on the way may keep or hold back."""
    answer = StreamingHttpResponse(frames, content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


def outside(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """In a context of its own: two tasks in one would look to asgiref like one that waits for itself."""
    return asyncio.create_task(work, context=Context())


async def next_of(items: AsyncGenerator[T]) -> T:
    """Tasks are made of coroutines, which ``anext`` gives none."""
    return await anext(items)
