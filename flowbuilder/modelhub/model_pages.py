"""The page of one model: its versions, where its aliases point and pointed, who uses it, what people say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.letting_in import let_in_or_sign_in
from flowbuilder.modelhub import aliases, registry
from flowbuilder.modelhub.forms import AliasForm, DescriptionForm
from flowbuilder.modelhub.models import Alias, Model, ModelVersion, VersionStatus
from flowbuilder.modelhub.uses import uses_of
from flowbuilder.modelhub.views import must_edit, versions_of

MOVES_SHOWN = 30


@dataclass(frozen=True)
class Placed:
    """An alias with what a roll back would do."""

    alias: Alias
    back: ModelVersion | None


@let_in_or_sign_in
@require_GET
def model(request: HttpRequest, name: str) -> HttpResponse:
    return show(request, find(request, name))


@login_required
@require_POST
def set_alias(request: HttpRequest, name: str) -> HttpResponse:
    """Point an alias at a version; where the gate is closed, ask for a reason."""
    found = find(request, name)
    must_edit(request)
    form = AliasForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("An alias has a name and a version's number."))
        return redirect("modelhub:model", found.called_to(request.asker))
    return move_alias(request, found, form, **form.cleaned_data)


@login_required
@require_POST
def roll_back(request: HttpRequest, name: str, alias: str) -> HttpResponse:
    """Take the last move of an alias back."""
    found = find(request, name)

    def undo() -> str:
        moved = registry.roll_back(model=found, name=alias, asker=request.asker)
        told = {"alias": f"{found.name}:{alias}", "ref": moved.version.ref}
        return _("“%(alias)s” is rolled back to “%(ref)s”.") % told

    return change(request, found, undo)


@login_required
@require_POST
def remove_alias(request: HttpRequest, name: str, alias: str) -> HttpResponse:
    found = find(request, name)

    def remove() -> str:
        registry.remove_alias(model=found, name=alias, asker=request.asker)
        return _("“%(alias)s” is removed.") % {"alias": f"{found.name}:{alias}"}

    return change(request, found, remove)


@login_required
@require_POST
def describe(request: HttpRequest, name: str) -> HttpResponse:
    """What people say of the model; it stands in its cards beside the facts."""
    found = find(request, name)
    must_edit(request)
    form = DescriptionForm(request.POST, instance=found)
    if not form.is_valid():
        return show(request, found, form, status=422)
    form.save()
    messages.success(request, _("Saved; the cards of all versions show it."))
    return redirect("modelhub:model", found.called_to(request.asker))


def move_alias(
    request: HttpRequest, model: Model, form: Any, *, alias: str, number: int, reason: str
) -> HttpResponse:
    """To the page that asked, or to the question why."""
    try:
        moved = registry.set_alias(model=model, name=alias, number=number, asker=request.asker, reason=reason)
    except ApiError as refused:
        if refused.code == "gate":
            page = {
                "model": model,
                "called": model.called_to(request.asker),
                "alias": alias,
                "number": number,
                "form": form,
                **refused.details,
            }
            return render(request, "modelhub/gate.html", page, status=409)
        messages.error(request, refused.message)
    else:
        told = {"alias": f"{model.name}:{alias}", "ref": moved.version.ref}
        messages.success(request, _("“%(alias)s” is now “%(ref)s”.") % told)
    return redirect("modelhub:model", model.called_to(request.asker))


def change(request: HttpRequest, model: Model, act: Callable[[], str]) -> HttpResponse:
    must_edit(request)
    try:
        messages.success(request, act())
    except ApiError as refused:
        messages.error(request, refused.message)
    return redirect("modelhub:model", model.called_to(request.asker))


def show(
    request: HttpRequest, model: Model, form: DescriptionForm | None = None, status: int = 200
) -> HttpResponse:
    versions = list(versions_of(request).filter(model=model).order_by("-number"))
    for version in versions:
        version.trained_from = version.parent_to(request.asker)
    page = {
        "model": model,
        "called": model.called_to(request.asker),
        "versions": versions,
        "usable": [version for version in versions if version.status == VersionStatus.READY],
        "placed": [
            Placed(alias, aliases.previous(model, alias.name))
            for alias in model.aliases.select_related("version__model")
        ],
        "moves": model.moves.select_related("person")[:MOVES_SHOWN],
        "uses": uses_of(request.asker, model),
        "form": form or DescriptionForm(instance=model),
    }
    return render(request, "modelhub/model.html", page, status=status)


def find(request: HttpRequest, name: str) -> Model:
    return get_object_or_404(Model.objects.visible_to(request.asker).called(name))
