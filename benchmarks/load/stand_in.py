"""A model that answers at once, over OpenAI's chat protocol: whoever asks it is measured, and no model."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.installation import free_port, wait_until

ANSWER = "All is well, and the van is on its way."
HEAD = {"id": "chatcmpl-1", "created": 0, "model": "stand-in"}
USAGE = {"prompt_tokens": 8, "completion_tokens": 10, "total_tokens": 18}


@contextmanager
def stand_in() -> Iterator[str]:
    """The host and port of one in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.load.stand_in:application", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "warning", "--lifespan", "off"])
    try:
        wait_until(lambda: answers(port), seconds=60, what="the stand-in for a model")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    try:
        return bool(httpx.post(f"http://127.0.0.1:{port}/v1/chat/completions", json={}, timeout=5))
    except httpx.TransportError:
        return False


async def application(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Any]) -> None:
    """ASGI, whatever the path is: a stream to who asks for one, else the whole answer."""
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    streams = json.loads(body or b"{}").get("stream")
    kind = b"text/event-stream" if streams else b"application/json"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": streamed() if streams else whole()})


def whole() -> bytes:
    message = {"role": "assistant", "content": ANSWER}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({**HEAD, "object": "chat.completion", "choices": [choice], "usage": USAGE}).encode()


def streamed() -> bytes:
    told: tuple[tuple[dict[str, str], str | None], ...] = (
        ({"role": "assistant", "content": ANSWER}, None),
        ({}, "stop"),
    )
    choices = [[{"index": 0, "delta": delta, "finish_reason": finish}] for delta, finish in told]
    frames = [{**HEAD, "object": "chat.completion.chunk", "choices": each} for each in choices]
    frames.append({**HEAD, "object": "chat.completion.chunk", "choices": [], "usage": USAGE})
    return b"".join(f"data: {json.dumps(frame)}\n\n".encode() for frame in frames) + b"data: [DONE]\n\n"
