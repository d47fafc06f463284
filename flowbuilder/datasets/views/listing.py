"""All datasets, and a new one."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import services
from flowbuilder.datasets.forms import NewDatasetForm
from flowbuilder.datasets.models import Dataset, DatasetVersion
from flowbuilder.datasets.views.finding import find, must_edit


@login_required
@require_http_methods(["GET", "POST"])
def dataset_list(request: HttpRequest) -> HttpResponse:
    """GET shows them; POST makes one and opens it."""
    form = NewDatasetForm(request.POST or None)
    if request.method == "POST":
        must_edit(request)
        if made := form.create(request.asker):
            return redirect("datasets:rows", made.pk)
    alive = Count("rows", Q(rows__last=None))
    synthetic = Count("rows", Q(rows__last=None, rows__origin="synthetic"))
    newest = Prefetch("versions", DatasetVersion.objects.order_by("-number").defer("statistics"))
    found = Dataset.objects.visible_to(request.asker).annotate(alive=alive, synthetic=synthetic)
    page = {"form": form, "datasets": found.prefetch_related(newest).order_by("name")}
    return render(request, "datasets/list.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def delete(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    dataset = find(request, dataset_id)
    must_edit(request)
    try:
        services.delete_dataset(dataset, asker=request.asker)
        messages.success(request, _("“%(name)s” and its versions are deleted.") % {"name": dataset.name})
    except ApiError as refused:
        messages.error(request, refused.message)
    there = reverse("datasets:list")
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
