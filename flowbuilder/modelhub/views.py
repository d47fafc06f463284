"""The page of models: what there is, what is in production, what is being added."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub.forms import NewModelForm
from flowbuilder.modelhub.models import PRODUCTION, ModelVersion, VersionStatus

must_edit = page_must(edits)


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request-Type")
def model_list(request: HttpRequest) -> HttpResponse:
    """GET shows the models (to htmx their list alone, while one is being added); POST adds one."""
    form = NewModelForm(request.POST or None)
    if request.method == "POST":
        must_edit(request)
        if form.create(request.asker):
            return redirect("modelhub:list")
    page = {"form": form, **contents(request)}
    partial = is_partial(request) and request.method == "GET"
    template = "modelhub/models.html" if partial else "modelhub/list.html"
    return render(request, template, page, status=422 if form.errors else 200)


def contents(request: HttpRequest) -> dict[str, Any]:
    versions = list(versions_of(request))
    for version in versions:
        version.in_production = PRODUCTION in {alias.name for alias in version.aliases.all()}
    importing = any(version.status == VersionStatus.IMPORTING for version in versions)
    names = dict.fromkeys(version.model.name for version in versions)
    return {"versions": versions, "names": list(names), "importing": importing}


def versions_of(request: HttpRequest) -> Any:
    versions = ModelVersion.objects.visible_to(request.asker).select_related("model", "parent__model")
    return versions.prefetch_related("aliases")
