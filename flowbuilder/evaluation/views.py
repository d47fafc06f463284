"""The pages of evaluations: what was measured, a new one, a result with every answer, the gate."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.evaluation import exporting, gates, services
from flowbuilder.evaluation.answers import FILTERS, shown
from flowbuilder.evaluation.forms import GateForm, NewEvaluationForm
from flowbuilder.evaluation.models import Evaluation, Gate
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub.models import Model, VersionStatus

must_edit = page_must(edits)

ROWS_A_PAGE = 20


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """The evaluations; to htmx their table alone, which it asks for while one of them goes on."""
    found = list(evaluations_of(request)[:200])
    for evaluation in found:
        evaluation.verdict = gates.verdict(evaluation) if evaluation.finished else None
    page = {"evaluations": found, "going_on": any(not one.job.ended for one in found)}
    template = "evaluation/table.html" if is_partial(request) else "evaluation/list.html"
    return render(request, template, page)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form, with the version of ``?after=`` chosen; POST orders the evaluation."""
    must_edit(request)
    form = NewEvaluationForm(request.asker, request.POST or None, initial={"after": request.GET.get("after")})
    if request.method == "POST" and (made := form.create()):
        return redirect("evaluation:detail", made.pk)
    return render(request, "evaluation/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type", "HX-Target")
def detail(request: HttpRequest, evaluation_id: uuid.UUID) -> HttpResponse:
    """A result; to htmx its live part alone, or just the answers where those are filtered."""
    evaluation = find(request, evaluation_id)
    if is_partial(request) and (request.htmx.target or "").endswith("answers"):  # "section#answers"
        return render(request, "evaluation/answers.html", answers(request, evaluation))
    page = {**result(request, evaluation), **answers(request, evaluation)}
    template = "evaluation/live.html" if is_partial(request) else "evaluation/detail.html"
    return render(request, template, page)


@login_required
@require_GET
def export(request: HttpRequest, evaluation_id: uuid.UUID, form: str) -> HttpResponse:
    return exporting.answer(find(request, evaluation_id), form)


@login_required
@require_http_methods(["GET", "POST"])
def gate(request: HttpRequest, name: str) -> HttpResponse:
    """What the model's new versions must show; POST changes it, or goes back to the defaults."""
    model = get_object_or_404(Model.objects.visible_to(request.asker), name=name)
    sent = request.POST if request.method == "POST" else None
    form = GateForm(sent, instance=gates.gate_of(model))
    if request.method == "POST":
        must_edit(request)
        if request.POST.get("do") == "reset":
            services.reset_gate(asker=request.asker, model=model)
            return redirect("evaluation:gate", name)
        if form.is_valid():
            services.set_gate(asker=request.asker, gate=form.save(commit=False))
            return redirect("evaluation:gate", name)
    own = Gate.objects.filter(model=model).exists()
    versions = list(model.versions.filter(status=VersionStatus.READY).select_related("model")[:50])
    for version in versions:
        version.refusals, version.evaluation = gates.refusals_of(version), gates.newest(version)
    page = {"model": model, "form": form, "own": own, "versions": versions}
    return render(request, "evaluation/gate.html", page, status=422 if form.errors else 200)


def result(request: HttpRequest, evaluation: Evaluation) -> dict[str, Any]:
    job = evaluation.job
    page: dict[str, Any] = {"evaluation": evaluation, "job": job, "report": evaluation.found}
    if evaluation.finished:
        return {**page, "verdict": gates.verdict(evaluation), "gate": gates.gate_of(evaluation.after.model)}
    return {**page, "samples": job.samples.all()[:4]}


def answers(request: HttpRequest, evaluation: Evaluation) -> dict[str, Any]:
    """The prompts that the filter lets through, a page of them."""
    wanted = request.GET.get("show", "worse")
    wanted = wanted if wanted in FILTERS else "worse"
    prompts = FILTERS[wanted].of(evaluation)
    page = Paginator(prompts, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts = [(name, rule.label, rule.of(evaluation).count()) for name, rule in FILTERS.items()]
    rows = [shown(prompt) for prompt in page]
    return {"evaluation": evaluation, "show": wanted, "page": page, "counts": counts, "rows": rows}


def evaluations_of(request: HttpRequest) -> Any:
    found = Evaluation.objects.visible_to(request.asker)
    return found.select_related("job__base__model", "before__model", "after__model")


def find(request: HttpRequest, evaluation_id: uuid.UUID) -> Evaluation:
    return get_object_or_404(evaluations_of(request), pk=evaluation_id)
