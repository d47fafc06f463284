"""The one way out: pages are fetched from public addresses only, whatever a name, a redirect or a proxy would have it.

A host is resolved once and the connection goes to the address that was checked, so that a name which changes its mind
between the two (DNS rebinding) gains nothing. Redirects are followed by hand, and each is checked anew. The
administrator lists hosts that may be asked although they are private in ``FLOWBUILDER_OUTBOUND_HOSTS``.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import httpcore
from django.conf import settings

MAX_BYTES = 25 * 2**20
SECONDS = 30.0
"""For all of it, redirects too."""
STEP_SECONDS = 10.0
REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
SHARED = ipaddress.ip_network("100.64.0.0/10")
"""Of carriers (RFC 6598)."""
HEADERS = {"User-Agent": "Flowbuilder", "Accept": "*/*", "Accept-Encoding": "identity"}
TIMEOUTS = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
MOVED = {301, 302, 303, 307, 308}


class Refused(Exception):
    """The address was not fetched; the message is for the person and names no address inside."""


def fetch(url: str) -> tuple[bytes, str]:
    """What stands at ``url``, and a name for it."""
    deadline = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        check_url(url)
        try:
            with (
                httpcore.ConnectionPool(network_backend=CheckedNetwork(deadline)) as pool,
                pool.stream("GET", url, headers=HEADERS, extensions={"timeout": TIMEOUTS}) as answer,
            ):
                headers = {
                    name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answer.headers
                }
                if answer.status in MOVED:
                    url = urljoin(url, headers.get("location", ""))
                    continue
                if answer.status != HTTPStatus.OK:
                    raise Refused(f"'{_shown(url)}' answered with status {answer.status}.")
                if headers.get("content-encoding", "identity") != "identity":
                    raise Refused(f"'{_shown(url)}' only answers compressed, which is not read.")
                return _limited(answer.iter_stream()), name_of(url, headers)
        except httpcore.TimeoutException as error:
            raise Refused(f"'{_shown(url)}' did not answer in time.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, UnicodeError) as error:
            raise Refused(f"'{_shown(url)}' could not be reached.") from error
    raise Refused(f"It is redirected more than {REDIRECTS} times.")


def check_url(url: str) -> None:
    """Whether it may be asked for at all; where its host leads is seen when it is connected to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("It is no address of a page.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused("Only addresses that begin with http:// or https:// are fetched.")
    if parts.username or parts.password:
        raise Refused("An address with a user name or password in it is not fetched.")
    if port not in {None, *PORTS.values()} and not is_listed(parts.hostname, port):
        raise Refused(
            f"Port {port} is not asked; only 80 and 443 are, unless an administrator lists the host."
        )


def is_listed(host: str, port: int | None) -> bool:
    return bool({host.lower(), f"{host.lower()}:{port}"} & set(settings.FLOWBUILDER_OUTBOUND_HOSTS))


def is_public(address: str) -> bool:
    """Also of the IPv4 address inside an IPv6 one: mapped, NAT64, 6to4 and Teredo."""
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found in NAT64_LOCAL or found.is_site_local or int(found) >> 32 == 0:
            return False
    elif found in SHARED:
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def addresses_of(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to what it has resolved and checked itself; TLS still goes by the host's name."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.NetworkStream:
        addresses = addresses_of(host, port)
        if not is_listed(host, port) and not all(map(is_public, addresses)):
            raise Refused(f"'{host}' leads into a private network, which is not fetched from.")
        stream = httpcore.SyncBackend().connect_tcp(addresses[0], port, *args, **options)
        return TimedStream(stream, self._deadline)


class TimedStream(httpcore.NetworkStream):
    """Ends at the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def start_tls(self, *args: Any, **options: Any) -> httpcore.NetworkStream:
        return TimedStream(self._stream.start_tls(*args, **options), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, STEP_SECONDS if timeout is None else timeout)


def _limited(parts: Iterable[bytes]) -> bytes:
    kept = bytearray()
    for part in parts:
        kept += part
        if len(kept) > MAX_BYTES:
            raise Refused(f"It has more than {MAX_BYTES // 2**20} MB.")
    return bytes(kept)


def name_of(url: str, headers: dict[str, str]) -> str:
    """With a suffix by its type where the address has none."""
    message = Message()
    message["content-disposition"] = headers.get("content-disposition", "")
    message["content-type"] = headers.get("content-type", "")
    parts = urlsplit(url)
    name = (
        message.get_filename() or unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.hostname or ""
    )
    if "." not in name[-6:] and message.get_content_type() == "text/html":
        name += ".html"
    return name


def _shown(url: str) -> str:
    return url.split("?")[0][:200]
