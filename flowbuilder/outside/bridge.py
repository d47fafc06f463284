"""httpx2, which the MCP client speaks, over the checked network of ``outbound_async``, which speaks httpx."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import httpx2

from flowbuilder.outbound_async import CheckedTransport

MOST_READ = 5 * 2**20


class Stream(httpx2.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        try:
            async for part in self._inner:
                read += len(part)
                if read > MOST_READ:
                    raise httpx2.ReadError(f"It answers with more than {MOST_READ // 2**20} MB.")
                yield part
        except httpx.HTTPError as error:
            raise httpx2.ReadError(str(error)) from error

    async def aclose(self) -> None:
        await self._inner.aclose()


class Bridge(httpx2.AsyncBaseTransport):
    """Each request with the secret's headers or parameters, which the client above never sees."""

    def __init__(self, headers: dict[str, str], params: dict[str, str]) -> None:
        self._inner, self._headers, self._params = CheckedTransport(), headers, params

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        told = {name: value for name, value in request.headers.items() if name != "accept-encoding"}
        url = httpx.URL(str(request.url))
        asked = httpx.Request(
            request.method,
            url.copy_merge_params(self._params) if self._params else url,
            headers={**told, "accept-encoding": "identity", **self._headers},
            content=await request.aread(),
            extensions={
                name: request.extensions[name] for name in ("timeout",) if name in request.extensions
            },
        )
        try:
            answer = await self._inner.handle_async_request(asked)
        except httpx.HTTPError as error:
            raise httpx2.ConnectError(str(error)) from error
        return httpx2.Response(answer.status_code, headers=answer.headers.raw, stream=Stream(answer.stream))

    async def aclose(self) -> None:
        await self._inner.aclose()
