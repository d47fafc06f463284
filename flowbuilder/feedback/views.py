"""The page of feedback: what was said."""

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

from flowbuilder.feedback import gold, queue, services
from flowbuilder.feedback.agreement import agreement, agreement_of_pairs
from flowbuilder.feedback.exporting import counts
from flowbuilder.feedback.forms import FilterForm
from flowbuilder.feedback.models import Rating
from flowbuilder.fragments import is_partial

RATINGS_A_PAGE = 25


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
    services.withdraw(asker=request.asker, rating=rating)
    return HttpResponse() if request.htmx else redirect("feedback:list")


def contents(request: HttpRequest) -> dict[str, Any]:
    form = FilterForm(request.asker, request.GET)
    said = Rating.objects.visible_to(request.asker).told()
    shown = form.narrow(said).with_gold()
    of_flow, least = form.cleaned_data.get("flow"), form.least
    every = said.matching(flow=of_flow and of_flow.pk).by_proven(least)
    return {
        "form": form,
        "ratings": Paginator(shown.select_related("flow", "person"), RATINGS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "counts": counts(every),
        "agreements": {"answers": agreement(every), "pairs": agreement_of_pairs(every)},
        "flow": of_flow,
        "least": least,
        "raters": gold.raters(request.asker.workspace.pk) if request.asker and request.asker.can_edit else [],
        "anything": said.exists(),
        "waiting": queue.waits(request.asker),
    }
