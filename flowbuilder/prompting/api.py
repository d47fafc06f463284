"""Prompts of a flow over HTTP: which there are, a rewrite that streams, a search on cases."""

import uuid
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import event_stream, while_allowed
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.flows.api import find as find_flow
from flowbuilder.flows.api import must_edit
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph
from flowbuilder.prompting import ordering, services
from flowbuilder.prompting.cases import MOST_CASES, Case
from flowbuilder.prompting.collecting import cases_of
from flowbuilder.prompting.models import PromptSearch
from flowbuilder.prompting.ordering import Plan
from flowbuilder.prompting.placeholders import names
from flowbuilder.prompting.rewriting import Failure
from flowbuilder.prompting.target import prompts_of
from flowbuilder.runs.models import Run
from flowbuilder.translation.errors import in_answer

router = Router(tags=["prompts"])


class Where(Schema):
    node: str = Field(max_length=LONGEST_PATH)
    setting: str = Field(max_length=80)
    text: str | None = Field(None, max_length=20_000)
    """The prompt to start from; left out, what stands in the draft."""


class Wrong(Schema):
    """An answer that went wrong. With ``run`` its question, answer and error are that run's."""

    run: uuid.UUID | None = None
    question: str = Field("", max_length=20_000)
    answer: str = Field("", max_length=20_000)
    error: str = Field("", max_length=5000)
    wrong: str = Field("", max_length=5000)
    expected: str = Field("", max_length=20_000)


class NewRewrite(Where):
    model: str = Field("", max_length=120)
    """Writes it; ``rules`` is none of them, empty the largest that can."""
    wish: str = Field("", max_length=2000)
    failure: Wrong = Wrong()
    stream: bool = True


class NewSearch(Where, Plan):
    cases: list[Case] | None = Field(None, max_length=MOST_CASES)
    """Left out, those of the flow's test sets and corrections."""


@router.get("/flows/{uuid:flow_id}/prompts")
def list_prompts(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """The prompts of the draft, and how many cases there are to measure them on."""
    flow = find_flow(request, flow_id)
    graph = parse_graph(flow.graph)
    rows = []
    for node, setting in prompts_of(graph, catalogue()):
        text = str(graph.node(node).settings.get(setting, ""))
        rows.append({"node": node, "setting": setting, "text": text, "placeholders": list(names(text))})
    return {"prompts": rows, "cases": [case.model_dump(mode="json") for case in cases_of(flow)]}


@router.post("/flows/{uuid:flow_id}/rewrites")
async def rewrite_prompt(request: HttpRequest, flow_id: uuid.UUID, body: NewRewrite) -> Any:
    """Server-sent events: `token` as it is written, then `finished` or `failed`. With `stream` false only the last one, as JSON."""
    order = await sync_to_async(_rewrite)(request, flow_id, body)
    if not body.stream:
        last = [event async for event in order.events()][-1]
        if last["type"] == "failed":
            raise ApiError("invalid", last["error"], 422)
        return JsonResponse(last, json_dumps_params={"ensure_ascii": False})
    language = get_language()
    frames = (services.frame(in_answer(event, language)) async for event in order.events())
    return event_stream(while_allowed(frames, partial(_still_edits, request)))


def _rewrite(request: HttpRequest, flow_id: uuid.UUID, body: NewRewrite) -> services.Rewrite:
    flow = find_flow(request, flow_id)
    must_edit(request)
    told = body.failure.dict(exclude={"run"})
    if body.failure.run:
        run = Run.objects.visible_to(request.asker).filter(pk=body.failure.run, flow=flow).first()
        if run is None:
            raise ApiError("not_found", "There is no such run of this flow, or it is not yours.", 404)
        known = services.failure_of(run)
        told |= {"question": known.question, "answer": known.answer, "error": known.error}
    target = services.find_target(flow, body.node, body.setting, body.text)
    return services.rewrite(
        asker=request.asker, target=target, model=body.model, wish=body.wish, failure=Failure(**told)
    )


async def _still_edits(request: HttpRequest) -> bool:
    asker = await request.ask_again()
    return bool(asker and asker.can_edit)


@router.get("/flows/{uuid:flow_id}/searches")
def list_searches(request: HttpRequest, flow_id: uuid.UUID) -> list[dict[str, Any]]:
    return [search_row(search) for search in find_flow(request, flow_id).prompt_searches.all()[:50]]


@router.post("/flows/{uuid:flow_id}/searches", response={202: dict[str, Any]})
def start_search(request: HttpRequest, flow_id: uuid.UUID, body: NewSearch) -> Any:
    """Look for a better prompt on cases, in a worker."""
    flow = find_flow(request, flow_id)
    must_edit(request)
    plan = Plan.model_validate({name: getattr(body, name) for name in Plan.model_fields})
    cases = cases_of(flow) if body.cases is None else body.cases
    found = ordering.order(
        asker=request.asker,
        flow=flow,
        node=body.node,
        setting=body.setting,
        text=body.text,
        cases=cases,
        plan=plan,
    )
    return Status(202, search_row(found))


@router.get("/searches/{uuid:search_id}")
def get_search(request: HttpRequest, search_id: uuid.UUID) -> dict[str, Any]:
    """How far it is, and what it found so far."""
    return search_row(find_search(request, search_id))


@router.post("/searches/{uuid:search_id}/cancellation", response={202: dict[str, Any]})
def cancel_search(request: HttpRequest, search_id: uuid.UUID) -> Any:
    found = find_search(request, search_id)
    must_edit(request)
    leases.cancel(found)
    return Status(202, search_row(find_search(request, search_id)))


def find_search(request: HttpRequest, search_id: uuid.UUID) -> PromptSearch:
    found = PromptSearch.objects.visible_to(request.asker).filter(pk=search_id).first()
    if found is None:
        raise ApiError("not_found", "There is no such search, or it is not yours.", 404)
    return found


def search_row(search: PromptSearch) -> dict[str, Any]:
    return {
        "id": str(search.pk),
        "flow": str(search.flow_id),
        "node": search.node,
        "setting": search.setting,
        "start": search.start,
        "plan": search.plan,
        "cases": len(search.cases),
        "status": search.status,
        "error": search.error,
        "found": search.found or None,
        "created_at": search.created_at,
        "ended_at": search.ended_at,
    }
