"""A right that was taken away ends what is still open: streams and sockets ask again while they last."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

from django.db import DatabaseError

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
        await asyncio.sleep(RECHECK_SECONDS)


async def while_allowed(
    items: AsyncGenerator[T], allowed: Callable[[], Awaitable[bool]], farewell: T | None = None
) -> AsyncGenerator[T]:
    """``items``, until they end or ``allowed`` says no; then ``farewell`` is the last one."""
    watch = asyncio.ensure_future(until_refused(allowed))
    upcoming = None
    try:
        while True:
            upcoming = asyncio.ensure_future(anext(items))
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
        await items.aclose()
