"""The debug pane of a base: a question, its passages, its answer, and what should have been answered."""

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.debugging import asking
from flowbuilder.debugging.correcting import correct, schema_of
from flowbuilder.debugging.forms import LookingForm
from flowbuilder.debugging.graphs import answering_flow, flows_using, looking_of, retrievers
from flowbuilder.debugging.outcome import outcome_of
from flowbuilder.flows.models import Flow
from flowbuilder.flows.services import create_flow
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.knowledge.views import find_base, must_edit
from flowbuilder.runs.models import Run, Status
from nodes.knowledge.looking import Looking

LONGEST = 4000


@login_required
@require_http_methods(["GET", "POST"])
async def pane(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """GET shows the form; POST asks, and to htmx gives what was found alone."""
    page = await sync_to_async(contents)(request, base_id)
    template = "debugging/pane.html"
    if request.method == "POST":
        await take_question(request, page)
        template = "debugging/asked.html" if request.htmx else template
    status = 422 if page.get("refused") else 200
    return await sync_to_async(render)(request, template, page, status=status)


def contents(request: HttpRequest, base_id: uuid.UUID) -> dict[str, Any]:
    base = find_base(request, base_id)
    flows = flows_using(base, request.asker)
    wanted = request.POST.get("flow") or request.GET.get("flow") or ""
    flow = next((flow for flow in flows if str(flow.pk) == wanted), flows[0] if flows else None)
    looking = Looking()
    if flow is not None:
        only = KnowledgeBase.objects.filter(workspace_id=base.workspace_id).count() == 1
        looking = looking_of(flow.graph, retrievers(flow.graph, base, only=only))
    return {
        "base": base,
        "flows": flows,
        "flow": None if request.POST.get("flow") == "none" else flow,
        "question": (request.POST.get("q") or request.GET.get("q") or "").strip()[:LONGEST],
        "form": LookingForm.of(looking, "this"),
        "other": LookingForm.of(looking, "other"),
        "comparing": bool(request.POST.get("compare")),
    }


async def take_question(request: HttpRequest, page: dict[str, Any]) -> None:
    sent = request.POST
    page["form"] = form = LookingForm(sent, prefix="this")
    page["other"] = other = LookingForm(sent, prefix="other")
    looking = form.looking()
    second = other.looking() if page["comparing"] else None
    if not page["question"]:
        page["refused"] = _("Ask something first.")
    elif looking is None or (page["comparing"] and second is None):
        wrong = form.errors or other.errors
        page["refused"] = "; ".join(f"{name}: {said[0]}" for name, said in wrong.items())
    if page.get("refused"):
        return
    base, flow = page["base"], page["flow"]
    if flow is not None and request.asker.can_run:
        try:
            page["run"] = await asking.start(
                asker=request.asker, base=base, flow=flow, question=page["question"], looking=looking
            )
        except ApiError as refused:
            page["not_run"] = refused.message
    sides = [await asking.look(base, page["question"], looking)]
    if second is not None:
        sides.append(await asking.look(base, page["question"], second))
        compare(sides)
    page["sides"] = sides


def compare(sides: list[asking.Side]) -> None:
    """Each hit knows its place on the other side; None where it is not there."""
    places = [
        {hit["passage_id"]: place for place, hit in enumerate(side.found["hits"], start=1)} for side in sides
    ]
    for side, theirs in zip(sides, reversed(places), strict=True):
        for hit in side.found["hits"]:
            hit["compared"], hit["elsewhere"] = True, theirs.get(hit["passage_id"])


@login_required
@require_GET
def run_outcome(request: HttpRequest, base_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """What became of the run: its answer with citations, what each step took, and the form to correct it."""
    base, run = find_base(request, base_id), find_run(request, run_id)
    if not run.ended and run.status != Status.WAITING:
        # The stream is quicker than the run's row: the page asks again.
        return render(request, "debugging/not_yet.html", {"base": base, "run": run})
    page = {"base": base, "run": run, "outcome": outcome_of(run), "schema": schema_of(run)}
    return render(request, "debugging/outcome.html", page)


@login_required
@require_POST
def correction(request: HttpRequest, base_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    base, run = find_base(request, base_id), find_run(request, run_id)
    must_edit(request)
    ids = [int(sent) for sent in request.POST.getlist("passage")[:50] if sent.isdecimal() and len(sent) < 19]
    page: dict[str, Any] = {"base": base, "run": run}
    try:
        page["made"] = correct(
            asker=request.asker,
            run=run,
            answer=request.POST.get("answer", ""),
            base=base,
            passages=asking.passages_of(base, ids),
            directly=bool(request.POST.get("directly")),
        )
    except ApiError as refused:
        page["refused"] = refused.message
    if not request.htmx:
        messages.info(request, page.get("refused") or _("From now on it is answered so."))
        return redirect("debugging:pane", base.pk)
    return render(request, "debugging/corrected.html", page, status=422 if "refused" in page else 200)


@login_required
@require_POST
def make_flow(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """The smallest flow that answers from this base, where there is none."""
    base = find_base(request, base_id)
    must_edit(request)
    flow = create_flow(asker=request.asker, name=_("Answers from %(name)s") % {"name": base.name[:80]})
    Flow.objects.filter(pk=flow.pk).update(graph=answering_flow(base))
    return redirect(f"{request.path.removesuffix('flow/')}?flow={flow.pk}")


def find_run(request: HttpRequest, run_id: uuid.UUID) -> Run:
    return get_object_or_404(Run.objects.visible_to(request.asker).select_related("flow"), pk=run_id)
