"""Limits on the pages of keys and flows: shown with what is used, changed by owner and admins."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.rights import administers, page_must
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.limits.forms import LimitForm
from flowbuilder.publishing.limits.holding import quotas
from flowbuilder.publishing.limits.services import NAMES, limit_of, set_limit
from flowbuilder.publishing.rights import find
from flowbuilder.publishing.usage.models import Bookkeeping

must_administer = page_must(administers, gettext_noop("Limits are set by the workspace's owner and admins."))


@login_required
@require_http_methods(["GET", "POST"])
def of_key(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.asker).live(), pk=key_id)
    if request.method == "POST":
        must_administer(request)
    return answer(request, key)


@login_required
@require_http_methods(["GET", "POST"])
def of_flow(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = find(request, flow_id)
    if request.method == "POST":
        must_administer(request)
    return answer(request, flow)


def answer(request: HttpRequest, owner: ApiKey | Flow) -> HttpResponse:
    """GET shows; POST sets all of them, an empty field is no limit."""
    limit = limit_of(owner)
    sent = request.POST if request.method == "POST" else None
    form = LimitForm(sent, initial={name: getattr(limit, name) for name in NAMES})
    if request.method == "POST" and form.is_valid():
        set_limit(asker=request.asker, owner=owner, **form.cleaned_data)
        messages.success(request, _("The limits hold from the next call on."))
        return redirect(request.path)
    page = {
        "owner": owner,
        "is_key": isinstance(owner, ApiKey),
        "form": form,
        "rows": rows(
            form, {} if limit._state.adding else {n: u for n, _w, _a, u, _s in quotas(limit, timezone.now())}
        ),
        "books": Bookkeeping.of(request.asker),
        "can_administer": bool(request.asker and request.asker.can_administer),
    }
    return render(request, "limits/page.html", page, status=422 if form.errors else 200)


def rows(form: LimitForm, used: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(field, used.get(field.name)) for field in form]
