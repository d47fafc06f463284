"""The page behind "Improve": what feedback there is, what it would train, and how that goes."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.models import Flow
from flowbuilder.fragments import is_partial
from flowbuilder.improvement import services
from flowbuilder.improvement.foretold import foretold
from flowbuilder.improvement.forms import ImproveForm
from flowbuilder.improvement.models import Improvement
from flowbuilder.improvement.plan import plan_for
from flowbuilder.improvement.progress import stages
from flowbuilder.runs.models import ENDED

PAST = 10


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request-Type")
def improve(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """GET shows the plan for the choices in the query; POST makes the flow that trains, and starts it."""
    flow = get_object_or_404(Flow.objects.visible_to(request.asker), pk=flow_id)
    if request.method == "GET":
        form = ImproveForm(request.GET if "recipe" in request.GET else None)
        form.is_valid()
        template = "improvement/plan.html" if is_partial(request) else "improvement/improve.html"
        return render(request, template, contents(request, flow, form))
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied(_("Your role may not train models; ask an editor of the workspace."))
    form = ImproveForm(request.POST)
    if not form.is_valid():
        return render(request, "improvement/improve.html", contents(request, flow, form), status=422)
    start = "start" in request.POST
    try:
        made = services.improve(asker=request.asker, flow=flow, start=start, **form.chosen())
    except ApiError as refused:
        page = {**contents(request, flow, form), "refused": refused.message}
        return render(request, "improvement/improve.html", page, status=refused.status)
    if not start:
        return redirect("flows:editor", made.trainer.pk)
    return redirect("improvement:progress", made.pk)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def progress(request: HttpRequest, improvement_id: uuid.UUID) -> HttpResponse:
    """How far it has come; to htmx the live part alone."""
    visible = Improvement.objects.visible_to(request.asker).select_related("flow", "trainer", "run", "person")
    improvement = get_object_or_404(visible, pk=improvement_id)
    page = {
        "improvement": improvement,
        "stages": stages(improvement),
        "goes_on": bool(improvement.run and improvement.run.status not in ENDED),
    }
    return render(
        request, "improvement/stages.html" if is_partial(request) else "improvement/progress.html", page
    )


def contents(request: HttpRequest, flow: Flow, form: ImproveForm) -> dict[str, Any]:
    plan = plan_for(flow)
    chosen = form.chosen() if not form.errors else ImproveForm().chosen()
    steps = plan.steps(chosen["recipe"], chosen["effort"])
    past = Improvement.objects.visible_to(request.asker).filter(flow=flow)
    return {
        "flow": flow,
        "form": form,
        "chosen": chosen,
        "plan": plan,
        "steps": steps,
        "foretold": foretold(plan, steps),
        "past": past.select_related("trainer", "run", "person")[:PAST],
    }
