"""The way out for answers that stream, under the rules of ``outbound``: httpx with a network that checks what it connects to.

Only hosts that the administrator lists in ``FLOWBUILDER_OUTBOUND_HOSTS`` are asked, public ones too: what is asked
here carries what people wrote.
"""

from __future__ import annotations

import asyncio
import ssl
from functools import cache
from typing import Any

import httpcore
import httpx

from flowbuilder.outbound import PORTS, Refused, addresses_of, check_url, is_listed

CONNECTIONS = 8


def must_be_listed(url: str) -> None:
    """``Refused`` says what an administrator would have to do."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Refused("It is no address of a server.") from error
    if parts.scheme in PORTS and not is_listed(parts.host, parts.port or PORTS[parts.scheme]):
        raise Refused(
            f"'{parts.host}' is not among the hosts that may be asked. An administrator adds it to "
            "FLOWBUILDER_OUTBOUND_HOSTS and starts Flowbuilder again."
        )
    check_url(url)


class CheckedAsyncNetwork(httpcore.AsyncNetworkBackend):
    """Connects to listed hosts alone, at the address that was resolved; TLS still goes by the host's name."""

    def __init__(self) -> None:
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, *args: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        if not is_listed(host, port):
            raise Refused(f"'{host}' is not among the hosts that may be asked.")
        addresses = await asyncio.to_thread(addresses_of, host, port)
        return await self._plain.connect_tcp(addresses[0], port, *args, **options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@cache
def tls() -> ssl.SSLContext:
    """To read the machine's certificates takes longer than a short answer: once a process is enough."""
    return ssl.create_default_context()


class CheckedTransport(httpx.AsyncHTTPTransport):
    """No proxy and nothing of the environment: those would lead past the check."""

    def __init__(self) -> None:
        super().__init__(trust_env=False, verify=tls())
        # httpx takes no network of one's own; its transport only speaks to this pool.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls(),
            max_connections=CONNECTIONS,
            network_backend=CheckedAsyncNetwork(),
        )


def client(timeout: httpx.Timeout) -> httpx.AsyncClient:
    """Follows no redirect: an answer elsewhere is somebody else's."""
    return httpx.AsyncClient(
        transport=CheckedTransport(), timeout=timeout, follow_redirects=False, trust_env=False
    )
