"""The page on which a prompt is improved; in the editor it is the inside of a dialog."""

import uuid
from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import nodes_within
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub.models import ModelVersion, VersionStatus
from flowbuilder.modelhub.services import GENERATES
from flowbuilder.prompting import ordering, services
from flowbuilder.prompting.cases import MOST_CASES
from flowbuilder.prompting.collecting import cases_of
from flowbuilder.prompting.diffing import difference
from flowbuilder.prompting.forms import MEASURES, SearchForm
from flowbuilder.prompting.models import PromptSearch
from flowbuilder.prompting.placeholders import names
from flowbuilder.prompting.rewriting import BY_RULES, Failure
from flowbuilder.prompting.target import Target, prompts_of
from flowbuilder.runs.models import Run
from nodes.base import NodeError


@login_required
@require_GET
def improve(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """``?node=&setting=`` says which prompt (by default the first), ``?run=`` the turn that went wrong."""
    flow = _flow(request, flow_id)
    page = _page(request, flow, request.GET.get("node", ""), request.GET.get("setting", ""))
    page["failure"] = _failure(request, flow)
    return render(request, "prompting/inside.html" if is_partial(request) else "prompting/improve.html", page)


@login_required
@require_POST
def use(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """Put the new prompt into the draft and go back to it."""
    flow = _flow(request, flow_id)
    _must_edit(request)
    given = {name: request.POST.get(name, "") for name in ("node", "setting", "text")}
    revision = request.POST.get("revision", "")
    try:
        services.use(flow=flow, **given, revision=int(revision) if revision.isdecimal() else 0)
    except ApiError as refused:
        page = _page(request, flow, given["node"], given["setting"])
        page |= {"refused": refused.message, "kept": given["text"], "failure": Failure()}
        return render(request, "prompting/improve.html", page, status=refused.status)
    return redirect("flows:editor", flow.pk)


@login_required
@require_POST
def start_search(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = _flow(request, flow_id)
    _must_edit(request)
    form = SearchForm(request.POST)
    found, refused = None, ""
    if form.is_valid():
        given = form.cleaned_data
        cases = [*given["written"], *(cases_of(flow) if given["known"] else [])][:MOST_CASES]
        where = {"node": given["node"], "setting": given["setting"]}
        try:
            plan = form.plan(rewards_of(flow))
            found = ordering.order(asker=request.asker, flow=flow, cases=cases, plan=plan, **where)
        except (ApiError, NodeError) as error:
            refused = str(error)
    else:
        refused = " ".join(message for errors in form.errors.values() for message in errors)
    if not is_partial(request) and found:
        return redirect(f"{request.path.removesuffix('searches/')}?node={found.node}&setting={found.setting}")
    page = {"flow": flow, "refused_search": refused, **_looked(found)}
    return render(request, "prompting/search.html", page, status=422 if refused else 200)


@login_required
@require_GET
def show_search(request: HttpRequest, flow_id: uuid.UUID, search_id: uuid.UUID) -> HttpResponse:
    search = _search(request, flow_id, search_id)
    return render(request, "prompting/search.html", {"flow": search.flow, **_looked(search)})


@login_required
@require_POST
def cancel_search(request: HttpRequest, flow_id: uuid.UUID, search_id: uuid.UUID) -> HttpResponse:
    search = _search(request, flow_id, search_id)
    _must_edit(request)
    leases.cancel(search)
    search.refresh_from_db()
    if not is_partial(request):
        return redirect("prompting:search", flow_id, search_id)
    return render(request, "prompting/search.html", {"flow": search.flow, **_looked(search)})


def _page(request: HttpRequest, flow: Flow, node: str, setting: str) -> dict[str, Any]:
    graph = parse_graph(flow.graph)
    there = prompts_of(graph, catalogue())
    filled = [(id, name) for id, name in there if graph.node(id).settings.get(name)]
    chosen = (node, setting) if (node, setting) in there else next(iter(filled), None)
    if node and chosen != (node, setting):
        raise Http404
    page: dict[str, Any] = {"flow": flow, "prompts": filled}
    if chosen is None:
        return page
    target = Target(graph, *chosen)
    cases = cases_of(flow)
    latest = flow.prompt_searches.filter(node=target.node, setting=target.setting).first()
    usable = ModelVersion.objects.visible_to(request.asker).filter(
        status=VersionStatus.READY, kind__in=GENERATES
    )
    return page | {
        "target": target,
        "label": target.spec.label or target.node,
        "placeholders": names(target.text),
        "models": [version.ref for version in usable.select_related("model")],
        "writer": services.default_writer(request.asker),
        "rules": BY_RULES,
        "measures": MEASURES,
        "case_count": len(cases),
        "case_origins": dict(Counter(case.origin for case in cases)),
        "some_cases": cases[:5],
        "judged": bool(rewards_of(flow)),
        **_looked(latest),
    }


def _looked(search: PromptSearch | None) -> dict[str, Any]:
    """A search with what its best prompt changes, for the page."""
    found = search.found if search else {}
    best = found.get("best", "") if search else ""
    return {
        "search": search,
        "found": found,
        "revision": search.flow.revision if search else 0,
        "limit": search.plan.get("answers") if search else 0,
        "better": bool(search and best and best != search.start),
        "changes": difference(search.start, best) if search and best else [],
    }


def _failure(request: HttpRequest, flow: Flow) -> Failure:
    try:
        wanted = uuid.UUID(request.GET.get("run", ""))
    except ValueError:
        return Failure()
    run = Run.objects.visible_to(request.asker).filter(pk=wanted, flow=flow).first()
    return services.failure_of(run) if run else Failure()


def rewards_of(flow: Flow) -> list[dict[str, Any]]:
    """Of the first node of the flow that judges answers."""
    for _, node in nodes_within(flow.graph):
        if node["type"] in {"reward.score", "reward.best"} and node.get("settings", {}).get("rewards"):
            return list(node["settings"]["rewards"])
    return []


def _flow(request: HttpRequest, flow_id: uuid.UUID) -> Flow:
    return get_object_or_404(Flow.objects.visible_to(request.asker), pk=flow_id)


def _search(request: HttpRequest, flow_id: uuid.UUID, search_id: uuid.UUID) -> PromptSearch:
    found = PromptSearch.objects.visible_to(request.asker).select_related("flow")
    return get_object_or_404(found, pk=search_id, flow_id=flow_id)


def _must_edit(request: HttpRequest) -> None:
    if not request.asker.can_edit:
        raise PermissionDenied
