"""The pages of A/B tests: all of them with a form for another, and one with what it shows so far."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.abtests import services
from flowbuilder.abtests.charts import charts
from flowbuilder.abtests.forms import NewTestForm, PromotionForm, writers
from flowbuilder.abtests.models import AbTest
from flowbuilder.abtests.results import results
from flowbuilder.abtests.routing import is_meant
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.fragments import is_partial

must_edit = page_must(edits, gettext_noop("Your role may not run A/B tests; ask an editor of the workspace."))

SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def test_list(request: HttpRequest) -> HttpResponse:
    """GET lists; POST starts one and shows it."""
    form = NewTestForm(request.asker, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        must_edit(request)
        if test := form.start(request.asker):
            return redirect("abtests:test", test.pk)
    versions = list(writers(request.asker))
    page = {"form": form, "tests": tests_of(request)[:SHOWN], "testable": any(v.number > 1 for v in versions)}
    return render(request, "abtests/list.html", page, status=422 if form.errors else 200)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def test_detail(request: HttpRequest, test_id: uuid.UUID) -> HttpResponse:
    """A test; to htmx its live part alone."""
    page = contents(find(request, test_id))
    return render(request, "abtests/live.html" if is_partial(request) else "abtests/test.html", page)


@login_required
@require_POST
def stop(request: HttpRequest, test_id: uuid.UUID) -> HttpResponse:
    test = find(request, test_id)
    must_edit(request)
    try:
        services.stop(asker=request.asker, test=test)
    except ApiError as refused:
        return render(
            request,
            "abtests/test.html",
            {**contents(test), "refused": refused.message},
            status=refused.status,
        )
    return redirect("abtests:test", test.pk)


@login_required
@require_POST
def promote(request: HttpRequest, test_id: uuid.UUID) -> HttpResponse:
    """Point the alias at the winner; where the gate is closed, ask for a reason."""
    test = find(request, test_id)
    must_edit(request)
    form = PromotionForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", _("A reason may have 2000 characters."), 422)
        alias = services.promote(asker=request.asker, test=test, **form.cleaned_data)
    except ApiError as refused:
        page = {**contents(test), "refused": refused.message, "gate": refused.code == "gate"}
        return render(request, "abtests/test.html", page, status=refused.status)
    told = {"alias": alias, "ref": alias.version.ref}
    messages.success(request, _("“%(alias)s” now means %(ref)s.") % told)
    return redirect("abtests:test", test.pk)


@login_required
@require_POST
def delete(request: HttpRequest, test_id: uuid.UUID) -> HttpResponse:
    test = find(request, test_id)
    must_edit(request)
    try:
        services.remove(asker=request.asker, test=test)
    except ApiError as refused:
        messages.error(request, refused.message)
        return redirect("abtests:test", test.pk)
    return redirect("abtests:list")


def contents(test: AbTest) -> dict[str, Any]:
    found = results(test)
    arms = [result.arm for result in found.arms]
    drawn = charts(arms, found.outcomes, test.alpha, test.created_at, test.ended_at or timezone.now())
    beside = [None, *found.versus]
    return {
        "test": test,
        "results": found,
        "rows": list(zip(found.arms, beside, drawn, strict=True)),
        "promoted": test.winner and is_meant(test, test.winner.version_id),
    }


def tests_of(request: HttpRequest) -> Any:
    tests = AbTest.objects.visible_to(request.asker).select_related(
        "model", "winner__version__model", "person"
    )
    return tests.prefetch_related("arms__version__model")


def find(request: HttpRequest, test_id: uuid.UUID) -> AbTest:
    return get_object_or_404(tests_of(request), pk=test_id)
