"""A caller who goes away before the end, and has no way to come back for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

from asgiref.sync import sync_to_async

from flowbuilder.runs import services
from flowbuilder.runs.models import Run

T = TypeVar("T")


async def cancelled_with_caller(run: Run, pieces: AsyncIterator[T]) -> AsyncGenerator[T]:
    """``pieces``; where nobody reads them to their end, or to the error that they end with, the run is stopped."""
    ended = False
    try:
        async for piece in pieces:
            yield piece
        ended = True
    except Exception:
        ended = True
        raise
    finally:
        if not ended:
            await sync_to_async(services.cancel)(run)
