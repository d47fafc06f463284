"""Runs over HTTP: started, watched by SSE, cancelled, resumed."""

import json
import uuid
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import get_language
from ninja import Body, Header, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import event_stream, while_allowed
from flowbuilder.accounts.models import Asker
from flowbuilder.accounts.rights import api_must, runs
from flowbuilder.engine.partial import Asked
from flowbuilder.flows.api import find as find_flow
from flowbuilder.flows.bounds import must_stay_within
from flowbuilder.flows.calls import without_called
from flowbuilder.flows.models import Environment, Flow, FlowVersion
from flowbuilder.flows.publication import must_be_in
from flowbuilder.flows.services import parse_graph
from flowbuilder.runs import services, waits
from flowbuilder.runs.citations import citations_of
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run
from flowbuilder.runs.parts import Wish
from flowbuilder.runs.trace import trace_of
from flowbuilder.runs.waits import open_waits
from flowbuilder.translation.errors import in_answer

must_run = api_must(runs, "Your role may look at flows but not run them.")

router = Router(tags=["runs"])


class Told(Schema):
    url: str = Field(min_length=1, max_length=2000)
    """Of a host that the administrator lists in FLOWBUILDER_OUTBOUND_HOSTS."""
    secret: str = Field("", max_length=200)
    """`whsec_` and base64; left empty, one is drawn and told once."""


class NewRun(Schema):
    inputs: dict[str, Any] = {}
    graph: dict[str, Any] | None = None
    version: int | Literal["live"] | None = None
    """A number, or the one that is live; without it the draft runs."""
    environment: Literal["draft", "staging", "production"] | None = None
    """In place of a version: the one that is there."""
    only: str = ""
    """Of the draft: run this node alone."""
    until: str = ""
    """Of the draft: run this node and what it needs."""
    start_from: str = ""
    """Of the draft: run this node and all that hangs on it."""
    reuse: uuid.UUID | None = None
    """A run of the flow whose outputs stand for what does not run anew."""
    session: str = Field("", max_length=200)
    """One conversation's name, in your words: its runs keep to one side of an A/B test."""
    overrides: dict[str, dict[str, Any]] = {}
    """Settings by node, of those that the flow's owner leaves to callers: `{"model_1": {"temperature": 0}}`."""

    callback: Told | None = None
    """Who is told, by a signed call, how the run ended."""


class Resumption(Schema):
    draft: bool = False


@router.post("/flows/{uuid:flow_id}/runs", response={202: dict[str, Any]})
def start_run(
    request: HttpRequest,
    flow_id: uuid.UUID,
    body: NewRun,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=200),
    session_id: str = Header("", alias="X-Session-Id", max_length=200),
    x_environment: str = Header("", alias="X-Environment", max_length=40),
) -> Any:
    """Run the draft, the graph that is sent, or a version. The same Idempotency-Key gives the same run."""
    flow = find_flow(request, flow_id)
    must_run(request)
    if body.graph is not None and not request.asker.can_edit:
        must_be_the_draft(flow, body.graph)
    if body.graph is not None:
        must_stay_within(request.asker, flow, parse_graph(body.graph).model_dump(mode="json"))
    environment = body.environment or x_environment
    version = version_wanted(flow, body, environment)
    with transaction.atomic():
        run = services.submit(
            asker=request.asker,
            flow=flow,
            inputs=body.inputs,
            graph=body.graph,
            version=version,
            idempotency_key=idempotency_key,
            session=body.session or session_id,
            drawing=True,
            wish=wish_of(body, version),
            overrides=body.overrides,
            environment=environment,
        )
        told = told_at_end(request, run, body.callback)
    return Status(202, {**summary(run), **told})


@router.get("/flows/{uuid:flow_id}/runs")
def list_runs(request: HttpRequest, flow_id: uuid.UUID) -> list[dict[str, Any]]:
    return [summary(run) for run in find_flow(request, flow_id).runs.order_by("-created_at")[:100]]


@router.get("/runs/{uuid:run_id}")
def get_run(request: HttpRequest, run_id: uuid.UUID) -> dict[str, Any]:
    run = find(request, run_id)
    return {**summary(run), "citations": citations_of(run), "waits": open_waits(run), **trace_of(run)}


@router.get("/runs/{uuid:run_id}/graph")
def get_graph(request: HttpRequest, run_id: uuid.UUID) -> dict[str, Any]:
    """The graph as it ran, called flows in their nodes: with the run's events all that a replay needs."""
    run = find(request, run_id)
    graph = run.graph
    if request.asker.flow_id is not None:
        # A key for one flow does not see the flows that it calls.
        graph = without_called(parse_graph(graph)).model_dump(mode="json")
    return {"graph": graph, "part": run.part.get("asked", {}), "nodes": run.part.get("nodes")}


@router.get("/runs/{uuid:run_id}/events")
async def run_events(request: HttpRequest, run_id: uuid.UUID) -> StreamingHttpResponse:
    """Server-sent events; `Last-Event-ID` resumes after that number."""
    run = await sync_to_async(find)(request, run_id)
    after = number_of_event(request.headers.get("Last-Event-ID", "0"))
    stream = while_allowed(sse(run.pk, after, get_language()), partial(still_sees, request, run.pk))
    return event_stream(stream)


@router.post("/runs/{uuid:run_id}/cancellation", response={202: dict[str, Any]})
def cancel_run(request: HttpRequest, run_id: uuid.UUID) -> Any:
    run = find(request, run_id)
    must_run(request)
    services.cancel(run)
    run.refresh_from_db()
    return Status(202, summary(run))


@router.post("/runs/{uuid:run_id}/resumption", response={202: dict[str, Any]})
def resume_run(request: HttpRequest, run_id: uuid.UUID, body: Resumption | None = None) -> Any:
    """Go on from the failed node; with `draft` by the draft as it is now, where finished nodes are unchanged."""
    run = find(request, run_id)
    must_run(request)
    return Status(202, summary(services.resume(run, from_draft=bool(body and body.draft))))


@router.post("/runs/{uuid:run_id}/waits/{path:node}", response={202: dict[str, Any]})
def answer_wait(request: HttpRequest, run_id: uuid.UUID, node: str, body: dict[str, Any] = Body(...)) -> Any:
    """Give a parked run what it waits for at a node. What may be sent depends on the wait's kind."""
    run = find(request, run_id)
    must_run(request)
    waits.resolve(asker=request.asker, run=run, node=node, said=body)
    run.refresh_from_db()
    return Status(202, summary(run))


def told_at_end(request: HttpRequest, run: Run, wanted: Told | None) -> dict[str, Any]:
    """For the answer: the secret is in it where the run is new."""
    if wanted is None or services.tell_at_end is None:
        return {}
    callback, secret = services.tell_at_end(
        asker=request.asker, run=run, url=wanted.url, secret=wanted.secret
    )
    return {"callback": {"id": str(callback.pk), "url": callback.url, "secret": secret or None}}


def find(request: HttpRequest, run_id: uuid.UUID) -> Run:
    run = Run.objects.visible_to(request.asker).filter(pk=run_id).first()
    if run is None:
        raise ApiError("not_found", "There is no such run, or it is not yours.", 404)
    return run


def version_wanted(flow: Flow, body: NewRun, environment: str) -> FlowVersion | None:
    """None for the draft."""
    if environment and (body.version is not None or body.graph is not None):
        raise ApiError("invalid", "An environment says what runs: leave out 'version' and 'graph'.", 422)
    if environment and environment != Environment.DRAFT:
        return must_be_in(flow, environment)
    return None if body.version is None else version_of(flow, body.version)


def version_of(flow: Flow, wanted: int | str) -> FlowVersion:
    version = flow.published_version if wanted == "live" else flow.versions.filter(number=wanted).first()
    if version is None:
        there = "live version" if wanted == "live" else f"version {wanted}"
        raise ApiError("not_found", f"'{flow.name}' has no {there}.", 404)
    return version


def wish_of(body: NewRun, version: FlowVersion | None) -> Wish:
    asked = {name: value for name in ("only", "until", "start_from") if (value := getattr(body, name))}
    wish = Wish(Asked(**asked), body.reuse)
    if len(asked) > 1:
        raise ApiError("invalid", f"Ask for one of {', '.join(asked)}.", 422)
    if wish and version is not None:
        raise ApiError(
            "invalid", "A version runs as a whole; leave out 'version' to run part of the draft.", 422
        )
    return wish


def must_be_the_draft(flow: Flow, graph: Any) -> None:
    """A graph of one's own reads any knowledge base and trains any model: that is for editors."""
    if not parse_graph(graph).runs_like(parse_graph(flow.graph)):
        message = (
            "You may run this flow as it is saved, not a graph of your own. Reload, or leave out 'graph'."
        )
        raise ApiError("forbidden", message, 403)


def number_of_event(text: str) -> int:
    # Not isdigit() alone: "²" is a digit too. Beyond ten digits Redis refuses the number.
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ApiError("invalid", f"Last-Event-ID is the number of an event, not '{text[:40]}'.", 400)
    return int(text)


def summary(run: Run) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "flow": str(run.flow_id),
        "status": run.status,
        "inputs": run.inputs,
        "session": run.session,
        "origin": run.origin,
        "environment": run.environment,
        "reply": run.reply,
        "error": {"node": run.error_node, "message": run.error} if run.error else None,
        "created_at": run.created_at,
        "ended_at": run.ended_at,
    }


async def still_sees(request: HttpRequest, run_id: uuid.UUID) -> bool:
    asker = await request.ask_again()
    return await sync_to_async(may_follow)(asker, run_id)


def may_follow(asker: Asker | None, run_id: uuid.UUID) -> bool:
    run = Run.objects.visible_to(asker).filter(pk=run_id).select_related("flow").first()
    return run is not None and not services.refuses(asker, run.flow)


async def sse(run_id: uuid.UUID, after: int, language: str | None) -> AsyncGenerator[bytes]:
    async for event in follow(run_id, after):
        told = json.dumps(in_answer(event, language))
        yield f"id: {event['seq']}\nevent: {event['type']}\ndata: {told}\n\n".encode()
