"""What both of OpenAI's streaming APIs need: an end when the right to it ends, and a stop when the caller hangs up."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from functools import partial

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse

from flowbuilder.accounts.lasting import event_stream, while_allowed
from flowbuilder.publishing.hanging_up import cancelled_with_caller
from flowbuilder.publishing.openai.finding import is_published_for
from flowbuilder.runs.models import Run

REVOKED = "This API key was revoked, or the flow was taken offline."


def streamed(
    request: HttpRequest, run: Run, frames: AsyncIterator[bytes], farewell: bytes, *, goes_on: bool = False
) -> StreamingHttpResponse:
    """``goes_on``: the run is not the stream's, and lives without it."""
    pieces = frames_of(frames) if goes_on else cancelled_with_caller(run, frames)
    return event_stream(while_allowed(pieces, partial(still_called, request, run), farewell))


async def still_called(request: HttpRequest, run: Run) -> bool:
    return await sync_to_async(is_published_for)(await request.ask_again(), run)


async def frames_of(frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    async for frame in frames:
        yield frame
