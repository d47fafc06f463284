"""Callbacks on a flow's Publish page, and the page of its deliveries."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.callbacks import delivering, registering
from flowbuilder.publishing.callbacks.models import Callback, Delivery
from flowbuilder.publishing.rights import find, must_edit
from flowbuilder.publishing.samples import Way, callback_samples

SHOWN = 100


def shown(flow: Flow) -> dict[str, Any]:
    way = Way("callback", "", tuple(callback_samples()))
    return {"callbacks": flow.callbacks.filter(run=None), "callback_way": way}


@login_required
@require_POST
def add(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """The page with the secret, which is shown this once."""
    flow = find(request, flow_id)
    must_edit(request)
    url = request.POST.get("url", "")[:2000]
    try:
        _, secret = registering.register(asker=request.asker, flow=flow, url=url)
    except ApiError as refused:
        told = {"callback_problem": refused.message, "callback_url": url}
        return page(request, flow, told, refused.status)
    return page(request, flow, {"told_secret": secret}, 201)


@login_required
@require_POST
def change(request: HttpRequest, flow_id: uuid.UUID, callback_id: uuid.UUID) -> HttpResponse:
    """Pause, go on, a new secret, or forget it."""
    flow = find(request, flow_id)
    must_edit(request)
    callback = get_object_or_404(Callback, pk=callback_id, flow=flow, run=None)
    does = request.POST.get("does", "")
    if does == "renew":
        secret = registering.renew_secret(asker=request.asker, callback=callback)
        return page(request, flow, {"told_secret": secret}, 201)
    if does == "forget":
        registering.forget(asker=request.asker, callback=callback)
    elif does in {"pause", "resume"}:
        registering.set_active(asker=request.asker, callback=callback, active=does == "resume")
    return redirect("releases:release", flow_id)


@login_required
@require_GET
def deliveries(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = find(request, flow_id)
    rows = flow.deliveries.select_related("callback").prefetch_related("tries")[:SHOWN]
    told = {"flow": flow, "deliveries": rows, "can_edit": request.asker.can_edit}
    return render(request, "releases/deliveries.html", told)


@login_required
@require_POST
def redeliver(request: HttpRequest, flow_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    flow = find(request, flow_id)
    must_edit(request)
    delivering.send_again(get_object_or_404(Delivery, pk=delivery_id, flow=flow))
    return redirect("releases:deliveries", flow_id)


def page(request: HttpRequest, flow: Flow, told: dict[str, Any], status: int) -> HttpResponse:
    from flowbuilder.publishing.release_views import contents  # it shows this part of the page, too

    return render(request, "releases/page.html", {**contents(request, flow), **told}, status=status)
