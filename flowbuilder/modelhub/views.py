"""The page of models: what there is, what is in production, what is being added."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.forms import NewModelForm, ReasonForm
from flowbuilder.modelhub.models import PRODUCTION, ModelVersion, VersionStatus


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


@login_required
@require_POST
def promote(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Make a version what its model's bare name means; where the gate is closed, ask for a reason."""
    version = find(request, version_id)
    must_edit(request)
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", _("A reason may have 2000 characters."), 422)
        registry.set_alias(
            model=version.model,
            name=PRODUCTION,
            number=version.number,
            asker=request.asker,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("“%(ref)s” is in production.") % {"ref": version.ref})
    except ApiError as refused:
        if refused.code == "gate":
            page = {"version": version, "refusals": refused.details["refusals"], "form": form}
            return render(request, "modelhub/gate.html", page, status=409)
        messages.error(request, refused.message)
    return redirect("modelhub:list")


@login_required
@require_POST
def delete(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    version = find(request, version_id)
    must_edit(request)
    try:
        registry.delete_version(version, asker=request.asker)
        messages.success(request, _("“%(ref)s” and its files are deleted.") % {"ref": version.ref})
    except ApiError as refused:
        messages.error(request, refused.message)
    return redirect("modelhub:list")


def contents(request: HttpRequest) -> dict[str, Any]:
    versions = list(versions_of(request))
    for version in versions:
        version.in_production = PRODUCTION in {alias.name for alias in version.aliases.all()}
    importing = any(version.status == VersionStatus.IMPORTING for version in versions)
    return {"versions": versions, "importing": importing}


def versions_of(request: HttpRequest) -> Any:
    versions = ModelVersion.objects.visible_to(request.asker).select_related("model", "parent__model")
    return versions.prefetch_related("aliases")


def find(request: HttpRequest, version_id: uuid.UUID) -> ModelVersion:
    return get_object_or_404(versions_of(request), pk=version_id)


def must_edit(request: HttpRequest) -> None:
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied
