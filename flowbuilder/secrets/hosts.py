"""Where a secret may go: ``api.example.com``, ``*.example.com`` or ``10.0.0.7:8080``."""

from __future__ import annotations

import re
from collections.abc import Iterable

HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?")
MOST = 20
USUAL = {80, 443}


def hosts_of(written: str | Iterable[str]) -> list[str]:
    """As they are kept. Raises ``ValueError`` with a sentence."""
    parts = re.split(r"[\s,]+", written) if isinstance(written, str) else written
    found = list(dict.fromkeys(part.strip().lower().rstrip(".") for part in parts if part.strip()))
    if not found:
        raise ValueError("Name at least one host that it may be sent to, such as api.example.com.")
    if len(found) > MOST:
        raise ValueError(f"A secret may go to {MOST} hosts at most.")
    wrong = next((host for host in found if not _is_host(host)), None)
    if wrong is not None:
        raise ValueError(
            f"'{wrong[:80]}' is no host; write api.example.com, *.example.com or 10.0.0.7:8080, without http://."
        )
    return found


def _is_host(written: str) -> bool:
    wide = written.startswith("*.") and written.count(".") < 2
    return HOST.fullmatch(written) is not None and not wide


def goes_to(hosts: Iterable[str], host: str, port: int) -> bool:
    """Whether one of ``hosts`` is this one; without a port it means 80 and 443."""
    return any(_is(pattern, host.lower().rstrip("."), port) for pattern in hosts)


def _is(pattern: str, host: str, port: int) -> bool:
    name, colon, wanted = pattern.rpartition(":")
    if not colon or pattern.endswith("]"):
        name, wanted = pattern, ""
    if (str(port) != wanted) if wanted else (port not in USUAL):
        return False
    name = name.strip("[]")
    return host.endswith(name[1:]) if name.startswith("*.") else host == name
