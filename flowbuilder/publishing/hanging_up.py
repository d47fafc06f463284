"""A caller who goes away before the end, and has no way to come back for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from asgiref.sync import sync_to_async

from flowbuilder.runs import services
from flowbuilder.runs.models import Run


async def cancelled_with_caller(run: Run, frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """``frames``; where nobody reads them to their end the run is stopped."""
    ended = False
    try:
        async for frame in frames:
            yield frame
        ended = True
    finally:
        if not ended:
            await sync_to_async(services.cancel)(run)
