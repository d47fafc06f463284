"""Flowise's prediction: a question, answered as a stream or whole."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from ninja import Router

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import apart, event_stream, next_of, while_allowed
from flowbuilder.publishing.flowise.answering import Answer
from flowbuilder.publishing.flowise.asking import ask
from flowbuilder.publishing.flowise.entrance import enter, look, still_open
from flowbuilder.publishing.flowise.errors import SHOWN
from flowbuilder.publishing.flowise.sent import sent_in
from flowbuilder.publishing.hanging_up import cancelled_with_caller
from flowbuilder.publishing.telling import CLOSED

router = Router(auth=None)
HEARTBEAT_SECONDS = 10.0
"""Proxies close a connection on which nothing is said."""
HEARTBEAT = b":heartbeat\n\n"


@router.get("/chatflows-streaming/{flow_id}")
def streams(request: HttpRequest, flow_id: str) -> dict[str, bool]:
    """The SDK asks this without its key."""
    look(request, flow_id)
    return {"isStreaming": True}


@router.post("/prediction/{flow_id}")
async def predict(request: HttpRequest, flow_id: str) -> HttpResponseBase:
    """One JSON object, or server-sent events where ``streaming`` asks for them."""
    try:
        answer = await sync_to_async(begin)(request, flow_id)
    except ApiError as refused:
        if refused.status in SHOWN | {404} or not _streams(request):
            raise
        # The widget shows what an event says, and nothing of an error's body.
        return event_stream(_only(frame("error", refused.message), frame("end", "[DONE]")))
    if _streams(request):
        farewell = frame("error", CLOSED) + frame("end", "[DONE]")
        return event_stream(
            while_allowed(
                kept_alive(cancelled_with_caller(answer.run, frames(answer))),
                still_open(request, flow_id),
                farewell,
            )
        )
    async for _ in apart(answer.events()):
        pass
    return JsonResponse(answer.whole())


def begin(request: HttpRequest, flow_id: str) -> Answer:
    sent, files = sent_in(request)
    request.flowise_streams = bool(sent.streaming)  # type: ignore[attr-defined]
    caller = enter(request, flow_id)
    return Answer(caller, ask(caller, sent, files))


def _streams(request: HttpRequest) -> bool:
    return bool(vars(request).get("flowise_streams"))


def frame(event: str, data: Any) -> bytes:
    """One JSON object on one line: the clients parse each line that begins with ``data:`` by itself."""
    said = json.dumps({"event": event, "data": data}, ensure_ascii=False, separators=(",", ":"))
    return f"message:\ndata:{said}\n\n".encode()


async def _only(*pieces: bytes) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece


async def frames(answer: Answer) -> AsyncGenerator[bytes]:
    async for event, data in answer.events():
        yield frame(event, data)


async def kept_alive(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """``pieces``, with a comment whenever nothing came for a while."""
    upcoming = None
    try:
        while True:
            upcoming = upcoming or asyncio.create_task(next_of(pieces))
            await asyncio.wait({upcoming}, timeout=HEARTBEAT_SECONDS)
            if not upcoming.done():
                yield HEARTBEAT
                continue
            try:
                piece = upcoming.result()
            except StopAsyncIteration:
                return
            upcoming = None
            yield piece
    finally:
        if upcoming is not None:
            upcoming.cancel()
            await asyncio.wait({upcoming})
        await pieces.aclose()
