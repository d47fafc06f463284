"""An ASGI application inside a Django view, so that its answers pass the same middleware and checks as all others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from flowbuilder.accounts.lasting import outside

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
OWN = {"content-length", "connection", "transfer-encoding"}
"""Headers that say how an answer travels."""


class Bridge:
    """One request: the application runs beside the view until it has answered, or nobody listens any more."""

    def __init__(self, request: HttpRequest, application: Application) -> None:
        self._body: bytes | None = request.body
        self._sent: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(maxsize=64)
        self._gone = asyncio.Event()
        self._task = outside(self._run(application, scope_of(request)))

    async def answer(
        self, wrapped: Callable[[AsyncGenerator[bytes]], AsyncGenerator[bytes]]
    ) -> HttpResponse | StreamingHttpResponse:
        """``wrapped``: what an answer that lasts is led through."""
        try:
            start = await self._sent.get()
        except asyncio.CancelledError:
            await self._stop()
            raise
        if start is None:
            await self._stop()
            return HttpResponse(status=500)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        kind = headers.get("content-type", "")
        if kind.startswith("text/event-stream"):
            answer: Any = StreamingHttpResponse(wrapped(self._pieces()), status=start["status"])
        else:
            answer = HttpResponse(b"".join([piece async for piece in self._pieces()]), status=start["status"])
        for name, value in headers.items():
            if name.lower() not in OWN:
                answer[name] = value
        return answer  # type: ignore[no-any-return]

    async def _pieces(self) -> AsyncGenerator[bytes]:
        try:
            while (message := await self._sent.get()) is not None:
                if body := message.get("body", b""):
                    yield body
                if not message.get("more_body", False):
                    return
        finally:
            await self._stop()

    async def _run(self, application: Application, scope: dict[str, Any]) -> None:
        try:
            await application(scope, self._receive, self._sent.put)
        finally:
            if not self._gone.is_set():
                await self._sent.put(None)

    async def _receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _stop(self) -> None:
        """It is told that nobody listens, and given no time to argue."""
        self._gone.set()
        self._task.cancel()
        await asyncio.wait({self._task})


def scope_of(request: HttpRequest) -> dict[str, Any]:
    told = {name.lower(): str(value) for name, value in request.headers.items()} | {
        "host": request.get_host()
    }
    headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in told.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": request.META.get("QUERY_STRING", "").encode(),
        "headers": headers,
        "client": None,
        "server": None,
        "state": {},
    }
