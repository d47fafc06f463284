"""Requests to other systems, at hosts that the administrator allows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

AuthKind = Literal["none", "bearer", "basic", "header", "query"]


@dataclass(frozen=True, kw_only=True)
class Auth:
    """How a secret is sent. The node knows its name only: whoever sends the request puts the value in."""

    kind: AuthKind = "none"
    secret: str = ""
    name: str = ""
    """Of the header or of the parameter; for ``basic`` the user."""


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    auth: Auth = Auth()
    seconds: float = 30
    """For all of it."""
    tries: int = 1
    """How often a server that is busy or not there is asked."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back; a secret that the other side repeats is taken out of it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def data(self) -> Any:
        """The JSON in it; None where there is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


class Requests(Protocol):
    async def send(self, request: Request) -> Response:
        """Errors: ``NodeError`` naming the host or the secret; no status is an error."""
        ...
