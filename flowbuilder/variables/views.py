"""The page of the workspace's variables: what they hold, for everybody; set and removed by editors."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.flows.models import Environment
from flowbuilder.variables import services
from flowbuilder.variables.models import Scope, Variable

must_edit = page_must(
    edits, gettext_noop("Your role may not change variables; ask an editor of the workspace.")
)


@login_required
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """GET lists; POST sets the variable that is named, whether or not there is one yet."""
    if request.method == "GET":
        return shown(request)
    must_edit(request)
    name, text = request.POST.get("name", "").strip(), request.POST.get("value", "")
    where = request.POST.get("environment", "")
    try:
        services.set_by_person(asker=request.asker, name=name, value=value_of(text), environment=where)
    except ApiError as refused:
        typed = {"problem": refused.message, "name": name, "text": text, "environment": where}
        return shown(request, typed, status=422)
    return shown(request) if request.htmx else redirect("variables:list")


@login_required
@require_POST
def remove(request: HttpRequest, variable_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(of_workspace(request), pk=variable_id)
    must_edit(request)
    services.remove_by_person(asker=request.asker, variable=found)
    return shown(request) if request.htmx else redirect("variables:list")


def value_of(text: str) -> Any:
    """JSON where it is JSON, else the text itself."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return text if found is None else found


def shown(request: HttpRequest, typed: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    rows = [(row, json.dumps(row.value, ensure_ascii=False, indent=1)) for row in of_workspace(request)]
    page = {"rows": rows, "typed": typed or {}, "environments": Environment.choices}
    template = "variables/variables.html" if request.htmx else "variables/page.html"
    return render(request, template, page, status=status)


def of_workspace(request: HttpRequest) -> Any:
    return Variable.objects.visible_to(request.asker).filter(scope=Scope.WORKSPACE).order_by("name", "holder")
