"""A small server of OpenAI's chat protocol on this machine: says what a test wants, and remembers what it was asked."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from tests.installation import free_port, wait_until


@dataclass
class Answer:
    """One answer: pieces of text, calls of tools, or a refusal."""

    pieces: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    """Name and arguments."""
    status: int = 200
    error: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    pause: float = 0


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class OpenAiServer:
    port: int
    models: tuple[str, ...] = ("tiny-chat",)
    answer: Callable[[dict[str, Any], int], Answer] = lambda body, number: Answer(("Hello", ", ", "you."))
    """(what is asked, how often it was asked before) -> the answer."""
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if scope["path"] == "/v1/models":
            rows = [{"id": name, "object": "model", "created": 0, "owned_by": "us"} for name in self.models]
            return await _whole(send, 200, {"object": "list", "data": rows})
        said = json.loads(body or b"{}")
        number = len(self.asked)
        self.asked.append(Asked(scope["path"], headers, said))
        answer = self.answer(said, number)
        await asyncio.sleep(answer.pause)
        if answer.raw is not None:
            return await _whole(send, answer.status, answer.raw, answer.headers)
        if answer.status != 200:
            return await _whole(send, answer.status, {"error": answer.error or {}}, answer.headers)
        await _stream(send, said, answer)


async def _whole(send, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"content-type": "application/json", **(headers or {})}
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": raw})


async def _stream(send, asked: dict[str, Any], answer: Answer) -> None:
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def chunk(choices: list[dict[str, Any]], **more: Any) -> None:
        whole = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": asked["model"]}
        line = f"data: {json.dumps({**whole, 'choices': choices, **more})}\n\n"
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})

    for piece in answer.pieces:
        await chunk([{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
    for index, (name, arguments) in enumerate(answer.calls):
        half = len(arguments) // 2
        opened = {"index": index, "id": f"call_{index}", "type": "function"}
        opened["function"] = {"name": name, "arguments": arguments[:half]}
        await chunk([{"index": 0, "delta": {"tool_calls": [opened]}, "finish_reason": None}])
        rest = {"index": index, "function": {"arguments": arguments[half:]}}
        await chunk([{"index": 0, "delta": {"tool_calls": [rest]}, "finish_reason": None}])
    ending = "tool_calls" if answer.calls else "stop"
    await chunk([{"index": 0, "delta": {}, "finish_reason": ending}])
    if asked.get("stream_options", {}).get("include_usage"):
        await chunk([], usage={"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14})
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n", "more_body": False})


@contextmanager
def served() -> Iterator[OpenAiServer]:
    app = OpenAiServer(free_port())
    server = uvicorn.Server(uvicorn.Config(app, port=app.port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, seconds=60, what="the stand-in server")
    yield app
    server.should_exit = True
    thread.join()
