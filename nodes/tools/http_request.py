from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import Field

from nodes.base import Context, NodeError
from nodes.services.requests import Request
from nodes.tools import filling
from nodes.tools.signing_in import SigningIn
from nodes.tools.tool_node import ToolNode
from nodes.types import LongText, Value

QUOTED = 300


class Pair(Value):
    """A name and its value; {{ names }} in the value become inputs."""

    name: str = Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")
    """For a header its name, for the query the parameter's."""
    value: str = Field("", max_length=8000)
    """What is sent."""


@dataclass(frozen=True)
class Answered:
    text: str
    data: object | None
    """What JSON it answered with; untaken where it is none."""
    status: int


class HttpRequest(SigningIn, ToolNode):
    """Asks another system over HTTP and gives its answer. What it sends leaves your machines."""

    title = "HTTP request"
    icon = "globe"
    tags = ("api", "rest", "webhook", "get", "post", "url", "fetch", "call")
    sends_out = True

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] = "GET"
    """GET reads; the others may change something there."""
    url: str = Field("", max_length=4000)
    """Where it asks: https://api.example.com/items/{{ id }}. Each name in double braces becomes an input."""
    query: tuple[Pair, ...] = Field((), max_length=50)
    """What stands behind the ? of the address."""
    headers: tuple[Pair, ...] = Field((), max_length=50)
    """What else the request says of itself. No secret belongs here: see 'auth'."""
    body_type: Literal["none", "json", "form", "text"] = "none"
    """What is sent along."""
    body: LongText = ""
    """JSON such as {"q": {{ question }}}, lines such as name={{ name }} for a form, or text."""
    seconds: float = Field(30, ge=1, le=300)
    """How long it waits for the whole answer."""
    tries: int = Field(1, ge=1, le=6)
    """How often it asks a server that is busy (429, 502, 503, 504) or not there. More than 1 may do a POST twice."""
    fails: bool = True
    """Whether a status of 400 or more stops the run; else it goes out at 'status'."""

    def inputs(self) -> dict[str, Any]:
        return dict.fromkeys(filling.names_in(*self._templates()), object)

    def _templates(self) -> list[str]:
        told = [pair.value for pair in (*self.query, *self.headers)]
        return [self.url, *told, *([self.body] if self.body_type != "none" else [])]

    async def run(self, ctx: Context, **values: object) -> Answered:
        if ctx.requests is None:
            raise NodeError("This installation sends no requests.")
        if not self.url.strip():
            raise NodeError(
                "Setting 'url' is empty: write where it asks, such as https://api.example.com/items."
            )
        content_type, content = self._content(values)
        headers = {pair.name: filling.one_line(pair.value, values, "headers") for pair in self.headers}
        if content_type and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = content_type
        request = Request(
            method=self.method,
            url=self._address(values),
            headers=headers,
            content=content,
            auth=self.signing_in,
            seconds=self.seconds,
            tries=self.tries,
        )
        answer = await ctx.requests.send(request)
        ctx.report("metric", {"host": urlsplit(request.url).hostname or "", "status": answer.status})
        if self.fails and not answer.ok:
            said = " ".join(answer.text[:QUOTED].split())
            raise NodeError(f"It was answered with status {answer.status}: {said or 'nothing else'}")
        return Answered(text=answer.text, data=answer.data, status=answer.status)

    def _address(self, values: dict[str, object]) -> str:
        address = filling.url(self.url, values)
        query = urlencode([(pair.name, filling.text(pair.value, values)) for pair in self.query])
        return f"{address}{'&' if '?' in address else '?'}{query}" if query else address

    def _content(self, values: dict[str, object]) -> tuple[str, bytes]:
        if self.body_type == "json":
            return "application/json", filling.json_body(self.body, values)
        if self.body_type == "text":
            return "text/plain; charset=utf-8", filling.text(self.body, values).encode()
        if self.body_type == "none":
            return "", b""
        lines = [line.partition("=") for line in self.body.splitlines() if line.strip()]
        if wrong := next((name for name, sign, _ in lines if not sign), ""):
            raise NodeError(f"Setting 'body': '{wrong[:60]}' is no line of a form; write name=value.")
        pairs = [(name.strip(), filling.text(value.strip(), values)) for name, _, value in lines]
        return "application/x-www-form-urlencoded", urlencode(pairs).encode()
