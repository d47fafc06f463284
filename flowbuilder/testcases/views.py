"""The pages of test sets: those of a base, a set with its cases and runs, a run beside another."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder import leases
from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.flows.models import Flow
from flowbuilder.fragments import is_partial
from flowbuilder.knowledge.views import find_base
from flowbuilder.tables.reading import MOST_BYTES, file_of
from flowbuilder.testcases import comparing, files, plot, recall_report, running, services
from flowbuilder.testcases.measures import SHOWN
from flowbuilder.testcases.models import TestRun, TestRunStatus, TestSet
from nodes.knowledge.looking import Looking

must_edit = page_must(
    edits, gettext_noop("Your role may not change test sets; ask an editor of the workspace.")
)

CASES_A_PAGE = 50
RESULTS_A_PAGE = 50
MOST_RUNS = 100


@login_required
@require_http_methods(["GET", "POST"])
def of_base(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """GET shows the base's sets; POST makes one."""
    base = find_base(request, base_id)
    page: dict[str, Any] = {
        "base": base,
        "flows": Flow.objects.visible_to(request.asker).order_by("name")[:200],
    }
    if request.method == "POST":
        must_edit(request)
        try:
            flow = request.POST.get("flow", "")
            made = services.create_set(
                asker=request.asker,
                name=request.POST.get("name", "").strip() or base.name,
                base=base,
                flow=next((one for one in page["flows"] if str(one.pk) == flow), None),
            )
            return redirect("testcases:set", made.pk)
        except ApiError as refused:
            page["refused"] = refused.message
    page["sets"] = TestSet.objects.visible_to(request.asker).filter(base=base).select_related("flow")
    page["shown"] = SHOWN
    for found in page["sets"]:
        found.newest = found.runs.filter(status=TestRunStatus.FINISHED).first()
    return render(request, "testcases/of_base.html", page, status=422 if "refused" in page else 200)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def set_detail(request: HttpRequest, set_id: uuid.UUID) -> HttpResponse:
    """A set; to htmx its runs alone, which it asks for while one goes on."""
    page = contents(request, find_set(request, set_id))
    return render(request, "testcases/runs.html" if is_partial(request) else "testcases/set.html", page)


@login_required
@require_POST
def delete_set(request: HttpRequest, set_id: uuid.UUID) -> HttpResponse:
    test_set = find_set(request, set_id)
    must_edit(request)
    base = test_set.base_id
    audit.delete(asker=request.asker, thing=test_set, kind="test_set")
    messages.success(request, _("The test set is deleted."))
    return redirect("testcases:of-base", base) if base else redirect("knowledge:list")


@login_required
@require_POST
def write_case(request: HttpRequest, set_id: uuid.UUID) -> HttpResponse:
    """A new case, or with ``case`` one in other words."""
    test_set = find_set(request, set_id)
    must_edit(request)
    said = {name: request.POST.get(name, "")[:100_000] for name in ("question", "expected_answer")}
    quotes = [quote.strip() for quote in request.POST.get("quotes", "").split("\n---\n") if quote.strip()]
    try:
        documents = files.documents_of(test_set)
        name = request.POST.get("document", "")
        expected = [files.passage_of({"document": name, "quote": quote}, documents) for quote in quotes]
        wanted = request.POST.get("case", "")
        if wanted.isdecimal():
            case = get_object_or_404(test_set.cases, pk=wanted)
            services.change_case(case=case, **said, expected=expected or None)
        else:
            services.add_case(test_set=test_set, **said, expected=expected, asker=request.asker)
    except (ApiError, ValueError) as refused:
        page = {**contents(request, test_set), "refused": str(refused), "said": request.POST}
        return render(request, "testcases/set.html", page, status=422)
    return redirect("testcases:set", test_set.pk)


@login_required
@require_POST
def delete_case(request: HttpRequest, set_id: uuid.UUID, case_id: int) -> HttpResponse:
    test_set = find_set(request, set_id)
    case = get_object_or_404(test_set.cases, pk=case_id)
    must_edit(request)
    audit.delete(asker=request.asker, thing=case, kind="test_case")
    return redirect("testcases:set", test_set.pk)


@login_required
@require_POST
def import_file(request: HttpRequest, set_id: uuid.UUID) -> HttpResponse:
    test_set = find_set(request, set_id)
    must_edit(request)
    upload = request.FILES.get("file")
    try:
        if upload is None or (upload.size or 0) > MOST_BYTES:
            raise ApiError("invalid", _("Choose a .jsonl or .csv file of at most 64 MB."), 422)
        kind = files.must_be_known(file_of(upload.name or ""))
        count = files.take(asker=request.asker, test_set=test_set, data=upload.read(), file=kind)
    except ApiError as refused:
        page = {**contents(request, test_set), "refused": refused.message}
        return render(request, "testcases/set.html", page, status=422)
    messages.success(request, _("%(count)s cases came in.") % {"count": count})
    return redirect("testcases:set", test_set.pk)


@login_required
@require_POST
def start(request: HttpRequest, set_id: uuid.UUID) -> HttpResponse:
    test_set = find_set(request, set_id)
    must_edit(request)
    sent = request.POST
    try:
        looking = Looking.model_validate(
            {
                "limit": sent.get("limit") or 10,
                "mode": sent.get("mode") or "hybrid",
                "reranker": sent.get("reranker", ""),
            }
        )
        running.order(
            asker=request.asker,
            test_set=test_set,
            looking=looking,
            answers=bool(sent.get("answers")),
            note=sent.get("note", ""),
        )
    except (ApiError, ValueError) as refused:
        said = (
            refused.message if isinstance(refused, ApiError) else _("These settings cannot be searched with.")
        )
        return render(
            request, "testcases/set.html", {**contents(request, test_set), "refused": said}, status=422
        )
    return redirect("testcases:set", test_set.pk)


@login_required
@require_GET
def run_detail(request: HttpRequest, test_run_id: uuid.UUID) -> HttpResponse:
    """A run's results; with ``?before=`` what changed since that one, by default the one before it."""
    test_run = find_run(request, test_run_id)
    others = test_run.set.runs.filter(status=TestRunStatus.FINISHED).exclude(pk=test_run.pk)
    wanted = request.GET.get("before", "")
    before = next((other for other in others[:MOST_RUNS] if str(other.pk) == wanted), None)
    if before is None and not wanted:
        before = comparing.run_before(test_run)
    results = Paginator(test_run.results.all(), RESULTS_A_PAGE)
    page = {
        "test_run": test_run,
        "set": test_run.set,
        "others": others[:MOST_RUNS],
        "before": before,
        "comparison": comparing.compare(before, test_run) if before and test_run.ended else None,
        "results": results.get_page(request.GET.get("page", "1")),
    }
    return render(request, "testcases/run.html", page)


@login_required
@require_POST
def cancel(request: HttpRequest, test_run_id: uuid.UUID) -> HttpResponse:
    test_run = find_run(request, test_run_id)
    must_edit(request)
    leases.cancel(test_run)
    return redirect("testcases:set", test_run.set_id)


@login_required
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest) -> HttpResponse:
    """Recall of a CSV that somebody brings: TigerLab's report."""
    page: dict[str, Any] = {}
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None or (upload.size or 0) > MOST_BYTES:
                raise ApiError("invalid", _("Choose a .csv file of at most 64 MB."), 422)
            page["report"] = recall_report.read(upload.read())
        except ApiError as refused:
            page["refused"] = refused.message
    return render(request, "testcases/recall.html", page, status=422 if "refused" in page else 200)


def contents(request: HttpRequest, test_set: TestSet) -> dict[str, Any]:
    runs = list(test_set.runs.select_related("by")[:MOST_RUNS])
    for test_run in runs:
        test_run.done = test_run.results.count() if not test_run.ended else test_run.planned
    cases = Paginator(test_set.cases.prefetch_related("expected"), CASES_A_PAGE)
    return {
        "set": test_set,
        "cases": cases.get_page(request.GET.get("page", "1")),
        "runs": runs,
        "pending": any(not test_run.ended for test_run in runs),
        "shown": SHOWN,
        "plot": plot.history([one for one in runs if one.status == TestRunStatus.FINISHED][::-1]),
        "documents": sorted(files.documents_of(test_set)),
    }


def find_set(request: HttpRequest, set_id: uuid.UUID) -> TestSet:
    found = TestSet.objects.visible_to(request.asker).select_related("base", "flow")
    return get_object_or_404(found, pk=set_id)


def find_run(request: HttpRequest, test_run_id: uuid.UUID) -> TestRun:
    sets = TestSet.objects.visible_to(request.asker)
    return get_object_or_404(TestRun.objects.filter(set__in=sets).select_related("set__base"), pk=test_run_id)
