"""``nodes.services.requests.Requests``: sent by the checked client, with the secret put in at the last moment."""

from __future__ import annotations

import asyncio
import base64
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from flowbuilder.outbound import Refused
from flowbuilder.outbound_async import client, must_be_listed
from flowbuilder.secrets.redacting import redacted
from flowbuilder.secrets.revealing import revealed
from nodes.base import NodeError
from nodes.services.requests import Auth, Request, Response

log = logging.getLogger(__name__)
MOST_SENT = 5 * 2**20
MOST_READ = 5 * 2**20
REDIRECTS = 5
CONNECT_SECONDS = 10.0
BUSY = {429, 502, 503, 504}
LONGEST_PAUSE = 30.0
OWN = {"host", "content-length", "transfer-encoding", "connection", "proxy-authorization", "accept-encoding"}
"""Headers that say how the request travels: nobody's to set."""
READS = {"GET", "HEAD"}


@dataclass(frozen=True)
class NodeRequests:
    """For the nodes of one workspace."""

    workspace_id: uuid.UUID

    async def send(self, request: Request) -> Response:
        if len(request.content) > MOST_SENT:
            raise NodeError(f"The body has more than {MOST_SENT // 2**20} MB.")
        try:
            async with asyncio.timeout(request.seconds):
                return await self._tried(request)
        except TimeoutError as error:
            raise NodeError(
                f"{_host(request.url)} did not answer within {request.seconds:g} s; see 'seconds'."
            ) from error

    async def _tried(self, request: Request) -> Response:
        for attempt in range(1, request.tries + 1):
            last = attempt == request.tries
            try:
                answer = await self._followed(request)
            except (
                httpx.ConnectError,
                httpx.ConnectTimeout,
                httpx.ReadError,
                httpx.RemoteProtocolError,
            ) as error:
                log.info("request to %s failed: %s", _host(request.url), type(error).__name__)
                if last:
                    raise NodeError(f"{_host(request.url)} cannot be reached.") from error
                await asyncio.sleep(_pause(attempt))
                continue
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise NodeError(f"{_host(request.url)} gave no answer that can be read.") from error
            if answer.status not in BUSY or last:
                return answer
            await asyncio.sleep(_pause(attempt, answer.headers.get("retry-after", "")))
        raise AssertionError("a request is tried once at least")

    async def _followed(self, request: Request) -> Response:
        """What is read may be elsewhere by now; the secret stays with the first host."""
        url, auth = request.url, request.auth
        for _ in range(REDIRECTS + 1):
            answer = await self._once(request, url, auth)
            target = answer.headers.get("location", "")
            if request.method not in READS or not 300 <= answer.status < 400 or not target:
                return answer
            further = urljoin(url, target)
            if urlsplit(further)[:2] != urlsplit(url)[:2]:
                auth = Auth()
            url = further
        raise NodeError(f"{_host(request.url)} redirects more than {REDIRECTS} times.")

    async def _once(self, request: Request, url: str, auth: Auth) -> Response:
        try:
            must_be_listed(url)
        except Refused as error:
            raise NodeError(f"'{_host(url)}' is not asked: {error}") from error
        headers = {name: value for name, value in request.headers.items() if name.lower() not in OWN}
        clean: Callable[[str], str] = str
        params: dict[str, str] = {}
        if auth.kind != "none":
            value = await revealed(self.workspace_id, auth.secret, url)
            headers, params, clean = signed(headers, auth, value)
        async with client(httpx.Timeout(request.seconds, connect=CONNECT_SECONDS)) as http:
            asked = http.build_request(
                request.method,
                httpx.URL(url).copy_merge_params(params) if params else url,
                headers={
                    "User-Agent": "Flowbuilder",
                    "Accept": "*/*",
                    **headers,
                    "Accept-Encoding": "identity",
                },
                content=request.content or None,
            )
            answer = await http.send(asked, stream=True)
            try:
                text = await _text(answer)
            finally:
                await answer.aclose()
        told = {name.lower(): clean(value) for name, value in answer.headers.items()}
        return Response(status=answer.status_code, headers=told, text=clean(text))


def signed(
    headers: dict[str, str], auth: Auth, value: str
) -> tuple[dict[str, str], dict[str, str], Callable[[str], str]]:
    """Headers and parameters with the secret in them, and what takes it out of an answer."""
    basic = base64.b64encode(f"{auth.name}:{value}".encode()).decode()
    clean = lambda text: redacted(text, value, auth.secret, basic)  # noqa: E731
    kept = {name: told for name, told in headers.items() if name.lower() != "authorization"}
    if auth.kind == "bearer":
        return {**kept, "Authorization": f"Bearer {value}"}, {}, clean
    if auth.kind == "basic":
        return {**kept, "Authorization": f"Basic {basic}"}, {}, clean
    if auth.kind == "header":
        return {**headers, auth.name: value}, {}, clean
    return headers, {auth.name: value}, clean


async def _text(answer: httpx.Response) -> str:
    if answer.headers.get("content-encoding", "identity") not in {"identity", "gzip", "deflate"}:
        raise NodeError(f"{answer.url.host} only answers compressed in a way that is not read.")
    kept = bytearray()
    async for part in answer.aiter_bytes(2**16):
        kept += part
        if len(kept) > MOST_READ:
            raise NodeError(f"{answer.url.host} answered with more than {MOST_READ // 2**20} MB.")
    # A text of the database holds no zero byte; what is no text cannot be shown anyway.
    return kept.decode(answer.charset_encoding or "utf-8", errors="replace").replace("\0", "�")


def _pause(attempt: int, wished: str = "") -> float:
    said = float(wished) if wished.isdigit() else 0.0
    return min(max(said, 0.5 * 2 ** (attempt - 1)), LONGEST_PAUSE)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2][:100] or "It"
    except ValueError:
        return "It"
