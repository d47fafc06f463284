"""The page of gold items, for editors: what they are, how often they come, how sure each rater is."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.feedback import gold
from flowbuilder.feedback.forms import FrequencyForm, GoldForm
from flowbuilder.feedback.models import Gold, Rating

must_edit = page_must(
    edits, gettext_noop("Your role may not see gold items; ask an editor of the workspace.")
)

SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def gold_list(request: HttpRequest) -> HttpResponse:
    """GET lists; POST writes one. What is gold is not for those whom it tests."""
    must_edit(request)
    form = GoldForm(request.asker, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.write(request.asker):
        return redirect("feedback:gold")
    return render(request, "feedback/gold.html", contents(request, form), status=422 if form.errors else 200)


@login_required
@require_POST
def from_rating(request: HttpRequest, rating_id: uuid.UUID) -> HttpResponse:
    rating = get_object_or_404(Rating.objects.visible_to(request.asker), pk=rating_id)
    must_edit(request)
    try:
        gold.from_rating(asker=request.asker, rating=rating)
    except ApiError as refused:
        if request.htmx:
            return HttpResponse(refused.message, status=refused.status, content_type="text/plain")
        messages.error(request, refused.message)
        return redirect("feedback:list")
    return render(request, "feedback/is_gold.html") if request.htmx else redirect("feedback:gold")


@login_required
@require_POST
def frequency(request: HttpRequest) -> HttpResponse:
    must_edit(request)
    form = FrequencyForm(request.POST)
    if form.is_valid():
        gold.set_every(request.asker.workspace, form.cleaned_data["every"])
    else:
        messages.error(request, _("One in 2 to 1000 items, or 0 for none."))
    return redirect("feedback:gold")


@login_required
@require_POST
def delete(request: HttpRequest, gold_id: uuid.UUID) -> HttpResponse:
    item = get_object_or_404(Gold.objects.visible_to(request.asker), pk=gold_id)
    must_edit(request)
    audit.delete(asker=request.asker, thing=item, kind="gold", subject=str(item.flow))
    return HttpResponse() if request.htmx else redirect("feedback:gold")


def contents(request: HttpRequest, form: GoldForm) -> dict[str, Any]:
    items = Gold.objects.visible_to(request.asker).select_related("flow", "person")
    return {
        "form": form,
        "items": items[:SHOWN],
        "every": gold.every(request.asker.workspace),
        "raters": gold.raters(request.asker.workspace.pk),
    }
