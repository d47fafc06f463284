"""The page that looks into a version: tokens, what comes next, attention."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.letting_in import let_in_or_sign_in
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub.heat import drawn, shown
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.modelhub.science import look_into
from flowbuilder.modelhub.services import GENERATES
from flowbuilder.modelhub.version_pages import find
from nodes.base import NodeError

MOST_MAPPED = 48
"""Tokens of a map that can still be read."""
SECONDS = 30
TOP = 12


class LookForm(forms.Form):
    text = forms.CharField(max_length=4000, strip=False)
    chat = forms.BooleanField(required=False)
    then = forms.RegexField(r"^\d{1,7}(,\d{1,7}){0,63}$", required=False)
    """Ids of the tokens that were taken, with commas."""
    kind = forms.ChoiceField(
        choices=[(name, name) for name in ("decoder", "encoder", "cross")], required=False
    )
    layer = forms.IntegerField(min_value=0, required=False)
    head = forms.IntegerField(min_value=0, required=False)

    @property
    def taken(self) -> list[int]:
        return [int(id_) for id_ in self.cleaned_data["then"].split(",") if id_]


@let_in_or_sign_in
@require_GET
@vary_on_headers("HX-Request-Type")
def look(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """A viewer reads the page; to look takes the right to run."""
    version = find(request, version_id)
    form = LookForm(request.GET if "text" in request.GET else None)
    page: dict[str, Any] = {
        "version": version,
        "called": version.model.called_to(request.asker),
        "form": form,
        "generates": version.kind in GENERATES,
    }
    if form.is_bound and not request.asker.can_run:
        raise PermissionDenied
    if form.is_valid() and page["generates"]:
        page |= seen(version, form)
    template = "modelhub/look_found.html" if is_partial(request) else "modelhub/look.html"
    return render(request, template, page)


def seen(version: ModelVersion, form: LookForm) -> dict[str, Any]:
    """What the page shows of the model, or why it cannot."""
    asked = {"chat": form.cleaned_data["chat"], "then": form.taken}
    try:
        expected = asked_of(version, form, {"what": "next", "top": TOP, **asked})
    except (NodeError, TimeoutError) as error:
        return {"error": str(error) or _("No model worker has answered in time.")}
    tokens = [*expected["tokens"], *expected.get("written", [])]
    return {
        "tokens": [{**token, "shown": shown(token)} for token in tokens],
        "taken": form.taken,
        "entropy": expected["entropy"],
        "next": [candidate(token, form) for token in expected["next"]],
        "back": address(form, form.taken[:-1]),
        **mapped(version, form, asked, max(len(expected["tokens"]), len(expected.get("written", [])))),
    }


def candidate(token: dict[str, Any], form: LookForm) -> dict[str, Any]:
    percent = 100 * token["probability"]
    return {
        **token,
        "shown": shown(token),
        "percent": percent,
        "go_on": address(form, [*form.taken, token["id"]]),
    }


def address(form: LookForm, then: list[int]) -> str:
    """The page's own, with these tokens taken."""
    query = QueryDict(mutable=True)
    query["text"] = form.cleaned_data["text"]
    if form.cleaned_data["chat"]:
        query["chat"] = "on"
    if then:
        query["then"] = ",".join(map(str, then))
    return f"?{query.urlencode()}"


def mapped(version: ModelVersion, form: LookForm, asked: dict[str, Any], length: int) -> dict[str, Any]:
    """The map of the head that is chosen, with what may be chosen; or why there is none."""
    if length > MOST_MAPPED:
        why = _("A map of %(length)d tokens cannot be read; %(most)d are shown.")
        return {"no_map": why % {"length": length, "most": MOST_MAPPED}}
    layer = form.cleaned_data["layer"] or 0
    try:
        found = asked_of(version, form, {"what": "attention", **asked})
    except (NodeError, TimeoutError) as error:
        return {"no_map": str(error) or _("No model worker has answered in time.")}
    maps = {each["name"]: each for each in found["maps"]}
    kind = form.cleaned_data["kind"] if form.cleaned_data["kind"] in maps else found["maps"][0]["name"]
    layers = [each["layer"] for each in maps[kind]["layers"]]
    layer = layer if layer in layers else layers[0]
    head = min(form.cleaned_data["head"] or 0, maps[kind]["heads"] - 1)
    return {
        "heat": drawn(found, kind, layer, head),
        "kinds": list(maps),
        "layers": layers,
        "heads": range(maps[kind]["heads"]),
        "chosen": {"kind": kind, "layer": layer, "head": head},
    }


def asked_of(version: ModelVersion, form: LookForm, asked: dict[str, Any]) -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            return await look_into(version, form.cleaned_data["text"], asked)

    return async_to_sync(ask)()
