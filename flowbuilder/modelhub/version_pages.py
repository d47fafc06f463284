"""The page of one version: its lineage, its card, its files."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.modelhub import card, origin, registry
from flowbuilder.modelhub.drawing import BOX_HEIGHT, BOX_WIDTH, drawn
from flowbuilder.modelhub.forms import ReasonForm
from flowbuilder.modelhub.lineage import ancestors, id_of, lineage_of
from flowbuilder.modelhub.model_pages import move_alias
from flowbuilder.modelhub.models import PRODUCTION, Model, ModelVersion
from flowbuilder.modelhub.rendering import rendered
from flowbuilder.modelhub.views import must_edit, versions_of


@login_required
@require_GET
def version(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    found = find(request, version_id)
    lineage = lineage_of(request.asker, found)
    base = ancestors(request.asker, found)[-1]
    page = {
        "version": found,
        "in_production": PRODUCTION in {alias.name for alias in found.aliases.all()},
        "lineage": lineage,
        "drawing": drawn(lineage, id_of(found)),
        "box": {"width": BOX_WIDTH, "height": BOX_HEIGHT},
        "card": rendered(card.card_of(request.asker, found, files=False)),
        "base": base,
        "readme": rendered(origin.readme(base.folder)),
    }
    return render(request, "modelhub/version.html", page)


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
