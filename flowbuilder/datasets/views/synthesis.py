"""Synthetic rows: what was ordered and how far it is, and a new order."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import augmenting
from flowbuilder.datasets.forms import AugmentForm
from flowbuilder.datasets.models import Dataset
from flowbuilder.datasets.views.finding import find, must_edit
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub.models import Kind, ModelVersion, VersionStatus
from nodes.base import NodeError
from nodes.data.synthesis import WRITABLE


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request-Type")
def augmentation_list(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    """GET shows the orders (to htmx their list alone, while one goes on); POST gives one."""
    dataset = find(request, dataset_id)
    if request.method == "GET":
        page = contents(request, dataset)
        template = "datasets/augmentations.html" if is_partial(request) else "datasets/synthesis.html"
        return render(request, template, page)
    must_edit(request)
    form = AugmentForm(request.POST, request.FILES)
    try:
        augmenting.order(asker=request.asker, dataset=dataset, **form.ordered())
    except (ApiError, NodeError) as refused:
        page = {**contents(request, dataset), "form": form, "refused": str(refused)}
        return render(request, "datasets/synthesis.html", page, status=422)
    return redirect("datasets:synthesis", dataset.pk)


@login_required
@require_POST
def cancel(request: HttpRequest, dataset_id: uuid.UUID, augmentation_id: uuid.UUID) -> HttpResponse:
    dataset = find(request, dataset_id)
    augmentation = get_object_or_404(dataset.augmentations, pk=augmentation_id)
    must_edit(request)
    leases.cancel(augmentation)
    if request.htmx:
        return render(request, "datasets/augmentations.html", contents(request, dataset))
    return redirect("datasets:synthesis", dataset.pk)


def contents(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    orders = list(dataset.augmentations.select_related("asked_by", "model__model")[:50])
    for order in orders:
        order.total = len(order.seeds)
    writers = ModelVersion.objects.visible_to(request.asker).filter(
        status=VersionStatus.READY, kind__in=[Kind.CAUSAL, Kind.SEQ2SEQ]
    )
    return {
        "here": "synthesis",
        "dataset": dataset,
        "orders": orders,
        "going_on": any(not order.ended for order in orders),
        "form": AugmentForm(),
        "models": writers.select_related("model"),
        "writable": dataset.kind in WRITABLE,
    }
