from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit
from zlib import crc32

from pydantic import Field

from nodes.base import Context, NodeError, Operation
from nodes.mock.asked import given as taken_over
from nodes.mock.records import Unsatisfiable, make
from nodes.services.requests import Request, Response
from nodes.tools.operation_call import call_of, checked, schema_of
from nodes.tools.plain import read, shown
from nodes.tools.responses import operation_of, schema_for
from nodes.tools.signing_in import SigningIn
from nodes.tools.tool_node import ToolNode
from nodes.types import OperationRef

IN_PATH = re.compile(r"\{([^{}]+)\}")
ALL = "values"
QUOTED = 300


@dataclass(frozen=True)
class Answered:
    text: str
    data: object | None
    """What JSON it answered with; untaken where it is none."""
    status: int


class ApiOperation(SigningIn, ToolNode):
    """Calls an operation of an imported API, with values checked against its description; or answers as it would, from the schema."""

    title = "API operation"
    icon = "webhook"
    tags = ("openapi", "swagger", "postman", "rest", "api", "endpoint", "mock", "call")
    sends_out = True

    operation: OperationRef = ""
    """An operation of an API that was imported under Knowledge, APIs."""
    answers: Literal["mock", "server"] = "mock"
    """Who answers: nobody is asked and a record is made from the schema, or the API's own server is called."""
    wired: tuple[str, ...] = Field((), max_length=50)
    """Parameters that become inputs of their own, besides those of the path. The input 'values' takes any as JSON."""
    server: str = Field("", max_length=500)
    """Where the API is, without the operation's path; empty takes what the description says."""
    seed: int | None = None
    """For mock: the same seed gives the same record; empty gives another one in each run."""
    seconds: float = Field(30, ge=1, le=300)
    """How long it waits for the whole answer."""
    tries: int = Field(1, ge=1, le=6)
    """How often it asks a server that is busy or not there. More than 1 may do a POST twice."""
    fails: bool = True
    """Whether a status of 400 or more stops the run; else it goes out at 'status'."""

    def inputs(self) -> dict[str, Any]:
        names = dict.fromkeys([*IN_PATH.findall(self.operation), *self.wired])
        return {**dict.fromkeys(names, object | None), "body": object | None, ALL: object | None}

    async def parameters(self, ctx: Context) -> dict[str, Any]:
        return schema_of(await self._operation(ctx))

    async def about(self, ctx: Context) -> str:
        operation = await self._operation(ctx)
        return operation.summary or operation.ref

    async def _operation(self, ctx: Context) -> Operation:
        if not self.operation:
            raise NodeError("Setting 'operation' is empty: choose an operation of an imported API.")
        return await operation_of(ctx, self.operation)

    async def run(self, ctx: Context, **values: object) -> Answered:
        operation = await self._operation(ctx)
        given = checked(operation, self._given(values))
        if self.answers == "mock":
            answer = self._made(ctx, operation, given)
        else:
            answer = await self._asked(ctx, operation, given)
        ctx.report(
            "metric", {"operation": operation.ref, "answered_by": self.answers, "status": answer.status}
        )
        if self.fails and not answer.ok:
            said = " ".join(answer.text[:QUOTED].split())
            raise NodeError(
                f"'{operation.ref}' answered with status {answer.status}: {said or 'nothing else'}"
            )
        return Answered(text=answer.text, data=answer.data, status=answer.status)

    @staticmethod
    def _given(values: dict[str, object]) -> dict[str, Any]:
        told = read(values.pop(ALL, None) or {})
        if not isinstance(told, dict):
            raise NodeError(f"The input '{ALL}' takes a JSON object: a value by the name of each parameter.")
        return {**told, **values}

    def _made(self, ctx: Context, operation: Operation, given: dict[str, Any]) -> Response:
        schema = schema_for(operation, "")
        seed = crc32(f"{ctx.run_id} {ctx.node_id} {given}".encode()) if self.seed is None else self.seed
        body = given.get("body")
        told = {**(body if isinstance(body, dict) else {}), **given}
        try:
            made = taken_over(make(schema, seed=seed), told, schema)
        except Unsatisfiable as error:
            raise NodeError(f"No answer of '{operation.ref}' satisfies its schema. {error}.") from error
        status = next(
            (int(code) for code in operation.responses if code.isdigit() and code.startswith("2")), 200
        )
        return Response(status=status, headers={}, text=shown(made))

    async def _asked(self, ctx: Context, operation: Operation, given: dict[str, Any]) -> Response:
        if ctx.requests is None:
            raise NodeError("This installation sends no requests.")
        server = self.server.strip() or operation.server
        if urlsplit(server).scheme not in {"http", "https"}:
            raise NodeError(
                f"Setting 'server': the description of '{operation.ref}' names no address; write one such as https://api.example.com/v1."
            )
        call = call_of(operation, server, given)
        request = Request(
            method=operation.method,
            url=call.url,
            headers=call.headers,
            content=call.content,
            auth=self.signing_in,
            seconds=self.seconds,
            tries=self.tries,
        )
        return await ctx.requests.send(request)
