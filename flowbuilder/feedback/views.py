"""The pages of feedback: what was said, and the queue of what waits for an opinion."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.feedback import services
from flowbuilder.feedback.agreement import agreement
from flowbuilder.feedback.answers import Told
from flowbuilder.feedback.exporting import counts
from flowbuilder.feedback.forms import FilterForm, ReviewForm
from flowbuilder.feedback.models import Rating, Reason
from flowbuilder.feedback.queue import unrated
from flowbuilder.fragments import is_partial
from flowbuilder.runs.models import Run

RATINGS_A_PAGE = 25
QUEUE_COUNTED_TO = 500


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def rating_list(request: HttpRequest) -> HttpResponse:
    """Everything that was said; to htmx the part that the filter decides."""
    page = contents(request)
    return render(request, "feedback/ratings.html" if is_partial(request) else "feedback/list.html", page)


@login_required
@require_POST
def withdraw(request: HttpRequest, rating_id: uuid.UUID) -> HttpResponse:
    rating = get_object_or_404(Rating.objects.visible_to(request.asker), pk=rating_id)
    if not rating.may_be_withdrawn_by(request.asker):
        raise PermissionDenied(_("This is somebody else's rating; an editor may withdraw it."))
    rating.delete()
    return HttpResponse() if request.htmx else redirect("feedback:list")


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def review(request: HttpRequest) -> HttpResponse:
    return show_next(request)


@login_required
@require_POST
def review_run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Keep one verdict, then show what comes next."""
    run = get_object_or_404(Run.objects.visible_to(request.asker), pk=run_id)
    must_rate(request)
    form = ReviewForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", _("Choose up, down, skip or correct."), 422)
        services.rate(asker=request.asker, run=run, **form.rating())
    except ApiError as refused:
        page = {**waiting(request, run), "refused": refused.message, "correction": form["correction"].value()}
        return render(request, card(request), page, status=422)
    return show_next(request) if request.htmx else redirect("feedback:review")


def show_next(request: HttpRequest) -> HttpResponse:
    return render(request, card(request), waiting(request))


def card(request: HttpRequest) -> str:
    return "feedback/card.html" if is_partial(request) else "feedback/review.html"


def waiting(request: HttpRequest, run: Run | None = None) -> dict[str, Any]:
    """The next answer that can be rated, and how many wait."""
    queue = unrated(request.asker).select_related("flow")
    page: dict[str, Any] = {"left": queue[:QUEUE_COUNTED_TO].count(), "most": QUEUE_COUNTED_TO}
    for found in [run] if run else queue[:20]:
        try:
            return {**page, "run": found, "answer": Told(found).answer(), "reasons": Reason.choices}
        except ApiError:  # a reply without text, or of a flow that has since lost its events
            continue
    return {**page, "left": 0}


def contents(request: HttpRequest) -> dict[str, Any]:
    form = FilterForm(request.asker, request.GET)
    said = Rating.objects.visible_to(request.asker).told()
    shown = form.narrow(said)
    of_flow = form.cleaned_data.get("flow")
    every = said.matching(flow=of_flow and of_flow.pk)
    return {
        "form": form,
        "ratings": Paginator(shown.select_related("flow", "person"), RATINGS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "counts": counts(every),
        "agreement": agreement(every),
        "flow": of_flow,
        "anything": said.exists(),
        "waiting": unrated(request.asker)[:QUEUE_COUNTED_TO].count(),
    }


def must_rate(request: HttpRequest) -> None:
    if not request.asker or not request.asker.can_run:
        raise PermissionDenied(_("Your role may look at answers but not rate them."))
