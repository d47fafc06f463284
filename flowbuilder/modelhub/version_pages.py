"""The page of one version: its lineage, its card, its files."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.letting_in import let_in_or_sign_in
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub import adding, card, origin, registry, uploading
from flowbuilder.modelhub.drawing import BOX_HEIGHT, BOX_WIDTH, drawn
from flowbuilder.modelhub.forms import ReasonForm, UploadForm
from flowbuilder.modelhub.lineage import ancestors, id_of, lineage_of
from flowbuilder.modelhub.model_pages import move_alias
from flowbuilder.modelhub.models import PRODUCTION, HubUpload, Model, ModelVersion, VersionStatus
from flowbuilder.modelhub.rendering import rendered
from flowbuilder.modelhub.uploading import OPEN
from flowbuilder.modelhub.views import must_edit, versions_of

UPLOADS_SHOWN = 10


@let_in_or_sign_in
@require_GET
@vary_on_headers("HX-Request-Type")
def version(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """To htmx what moves alone; once nothing does, the page that tells more."""
    found = find(request, version_id)
    if is_partial(request):
        answer = render(request, "modelhub/transfers.html", transfers(found))
        if not moves(found):
            answer["HX-Refresh"] = "true"
        return answer
    return show(request, found)


def show(
    request: HttpRequest, found: ModelVersion, form: UploadForm | None = None, status: int = 200
) -> HttpResponse:
    lineage = lineage_of(request.asker, found)
    base = ancestors(request.asker, found)[-1]
    page = {
        **transfers(found),
        "called": found.model.called_to(request.asker),
        "in_production": PRODUCTION in {alias.name for alias in found.aliases.all()},
        "lineage": lineage,
        "drawing": drawn(lineage, id_of(found)),
        "box": {"width": BOX_WIDTH, "height": BOX_HEIGHT},
        "card": rendered(card.card_of(request.asker, found, files=False)),
        "base": base,
        "readme": rendered(origin.readme(base.folder)),
        "form": form or UploadForm(),
    }
    return render(request, "modelhub/version.html", page, status=status)


def transfers(found: ModelVersion) -> dict[str, Any]:
    uploads = found.uploads.select_related("person")[:UPLOADS_SHOWN]
    return {"version": found, "uploads": uploads, "going_on": moves(found)}


def moves(found: ModelVersion) -> bool:
    """Whether something moves, so that the page asks again."""
    return found.status == VersionStatus.IMPORTING or found.uploads.filter(status__in=OPEN).exists()


@login_required
@require_POST
def cancel_import(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    found = find(request, version_id)
    return after(request, found, lambda: adding.cancel_import(found))


@login_required
@require_POST
def resume_import(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    found = find(request, version_id)
    return after(request, found, lambda: adding.resume_import(found))


@login_required
@require_POST
def upload(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Send the version to the hub, where that is confirmed."""
    found = find(request, version_id)
    must_edit(request)
    form = UploadForm(request.POST)
    if form.create(found, request.asker):
        return redirect("modelhub:version", found.pk)
    return show(request, found, form, status=422)


@login_required
@require_POST
def cancel_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(HubUpload.objects.visible_to(request.asker), pk=upload_id)
    return after(request, found.version, lambda: uploading.cancel_upload(found))


def after(request: HttpRequest, found: ModelVersion, act: Callable[[], None]) -> HttpResponse:
    must_edit(request)
    try:
        act()
    except ApiError as refused:
        messages.error(request, refused.message)
    return redirect("modelhub:version", found.pk)


@login_required
@require_POST
def promote(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Make a version what its model's bare name means; where the gate is closed, ask for a reason."""
    found = find(request, version_id)
    must_edit(request)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return move_alias(request, found.model, form, alias=PRODUCTION, number=found.number, reason=reason)


@login_required
@require_POST
def delete(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    found = find(request, version_id)
    must_edit(request)
    try:
        registry.delete_version(found, asker=request.asker)
        messages.success(request, _("“%(ref)s” and its files are deleted.") % {"ref": found.ref})
    except ApiError as refused:
        messages.error(request, refused.message)
        return redirect("modelhub:version", found.pk)
    there = Model.objects.visible_to(request.asker).filter(pk=found.model_id).exists()
    return redirect("modelhub:model", found.model.name) if there else redirect("modelhub:list")


def find(request: HttpRequest, version_id: uuid.UUID) -> ModelVersion:
    return get_object_or_404(versions_of(request), pk=version_id)
