"""The protocol's side, by the official SDK: tools are listed, and called as runs that tell how far they are."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from asgiref.sync import sync_to_async
from mcp.server.lowlevel.server import Server

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import outside
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.mcp.cancelling import call_of
from flowbuilder.publishing.mcp.progress import Progress
from flowbuilder.publishing.mcp.tools import flows_for, structured, told
from flowbuilder.publishing.parking import Parked
from flowbuilder.runs import services as runs
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run

ERROR, RUN = "flowbuilder/error", "flowbuilder/run"
"""In a result's ``_meta``."""


def server_for(asker: Asker, slug: str, client: str) -> Server[Any]:
    """All that the key reaches, or one flow; made for one request, so that any worker serves any of them.

    ``client``: which of those with the key asks, see ``cancelling``.
    """

    async def list_tools(ctx: Any, params: Any) -> types.ListToolsResult:
        rows = await sync_to_async(_tools)(asker, slug)
        return types.ListToolsResult(tools=[types.Tool.model_validate(row) for row in rows])

    async def call_tool(ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            origin = {"kind": "mcp", **call_of(client, ctx.request_id)}
            run = await sync_to_async(start)(asker, slug, params.name, params.arguments or {}, origin)
            return await played(run, ctx.session)
        except ApiError as refused:
            return _failed(refused.message, refused)

    return Server(
        "flowbuilder",
        title="Flowbuilder",
        instructions="Each tool is a flow that somebody drew and published; it answers with text, some with a record.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _tools(asker: Asker, slug: str) -> list[dict[str, Any]]:
    return [told(flow) for flow in flows_for(asker, slug)]


def start(asker: Asker, slug: str, name: str, inputs: Mapping[str, Any], origin: dict[str, Any]) -> Run:
    flows = {flow.slug: flow for flow in flows_for(asker, slug)}
    if name not in flows:
        there = ", ".join(sorted(flows)) or "none"
        raise ApiError("not_found", f"There is no tool '{name[:80]}'. There are: {there}.", 404)
    if not asker.can_run:
        raise ApiError("forbidden", "This key may look at flows but not run them.", 403)
    flow = flows[name]
    must_be_known(flow, inputs)
    return runs.submit(
        asker=asker,
        flow=flow,
        version=flow.published_version,
        inputs=dict(inputs),
        origin=origin,
        idempotency_key=f"mcp:{uuid.uuid4()}",
    )


def must_be_known(flow: Flow, inputs: Mapping[str, Any]) -> None:
    """A run may be given more than a tool's arguments are: history, triggers."""
    schema = told(flow)["inputSchema"]
    known = schema["properties"]
    if other := sorted(set(inputs) - set(known)):
        there = ", ".join(known) or "none"
        raise ApiError(
            "invalid", f"'{flow.slug}' has no argument '{other[0][:80]}'. There are: {there}.", 422
        )
    if missing := sorted(set(schema["required"]) - set(inputs)):
        raise ApiError("invalid", f"'{flow.slug}' needs the argument '{missing[0]}'.", 422)
    question = inputs.get("question", "")
    if known.get("question", {}).get("type") == "string" and not isinstance(question, str):
        raise ApiError("invalid", "'question' is a text.", 422)


async def played(run: Run, session: Any) -> types.CallToolResult:
    """The result, once it is there. A client that hangs up cancels the run: nobody could come back for its result."""
    progress, parked, ended = Progress(Graph.model_validate(run.graph)), Parked(), False
    try:
        async for event in follow(run.pk):
            kind, data = event["type"], event["data"]
            parked.note(event)
            if notice := progress.note(event):
                await session.report_progress(*notice)
            if kind == "run.finished":
                ended = True
                return _result(run, data["reply"])
            if kind in {"run.failed", "run.cancelled"}:
                ended = True
                return _failed(data.get("error") or "The flow was stopped before it had a reply.")
            if kind == "run.waiting" and parked.for_people(event):
                ended = True  # it goes on when it is answered, without this caller
                return _failed(f"The flow waits for somebody to decide; its run is {run.pk}.")
    finally:
        if not ended:
            # Beside this task, whose every wait is cut short once its caller is gone.
            await asyncio.shield(outside(sync_to_async(runs.cancel)(run)))
    return _failed("The flow ended without a reply.")


def _result(run: Run, reply: str) -> types.CallToolResult:
    """``_meta`` names the run, which its caller may rate over the HTTP API."""
    text = types.TextContent(type="text", text=reply)
    found = structured(reply)
    return types.CallToolResult(content=[text], structured_content=found, _meta={RUN: str(run.pk)})


def _failed(message: str, refused: ApiError | None = None) -> types.CallToolResult:
    """An error of the tool, which the model may read; ``_meta`` says to programs when another call is worth it."""
    text = types.TextContent(type="text", text=message)
    meta = {ERROR: error_of(refused)} if refused else None
    return types.CallToolResult(content=[text], is_error=True, _meta=meta)


def error_of(refused: ApiError) -> dict[str, Any]:
    told = {"code": refused.code, "status": refused.status, "details": refused.details}
    seconds = refused.headers.get("Retry-After")
    return {**told, "retryAfter": int(seconds)} if seconds else told
