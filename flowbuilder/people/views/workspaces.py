"""The page of workspaces: which there are, another one, and what becomes of the one that the session is in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts.models import Asker
from flowbuilder.people import deletion, members, workspaces
from flowbuilder.people.api.workspaces import find
from flowbuilder.people.forms import NameForm
from flowbuilder.people.models import GoneWorkspace
from flowbuilder.people.views.doing import done


@login_required
@require_http_methods(["GET", "POST"])
def workspace_list(request: HttpRequest) -> HttpResponse:
    """POST makes another one, and goes there."""
    if request.method == "GET":
        return answer(request, NameForm())
    form = NameForm(request.POST)
    made: Asker | None = form.done(workspaces.create, user=request.user)
    if made is None:
        return answer(request, form, status=422)
    workspaces.choose(request.session, made.workspace)
    return redirect("/")


@login_required
@require_POST
def choose(request: HttpRequest, workspace_id: uuid.UUID) -> HttpResponse:
    workspaces.choose(request.session, find(request, workspace_id).workspace)
    return redirect("/")


@login_required
@require_POST
def rename(request: HttpRequest, workspace_id: uuid.UUID) -> HttpResponse:
    name = request.POST.get("name", "")
    return in_it(request, workspace_id, workspaces.rename, name=name)


@login_required
@require_POST
def hand_over(request: HttpRequest, workspace_id: uuid.UUID) -> HttpResponse:
    chosen = request.POST.get("member", "")
    return in_it(request, workspace_id, members.hand_over, member_id=int(chosen) if chosen.isdecimal() else 0)


@login_required
@require_POST
def delete(request: HttpRequest, workspace_id: uuid.UUID) -> HttpResponse:
    name = request.POST.get("name", "")
    return in_it(request, workspace_id, deletion.ask_for, name=name)


def in_it(
    request: HttpRequest, workspace_id: uuid.UUID, work: Callable[..., Any], **about: Any
) -> HttpResponse:
    """Also in one that the session is not in."""
    request.asker = find(request, workspace_id)
    return done(request, "people:workspaces", work, **about)


def answer(request: HttpRequest, form: NameForm, status: int = 200) -> HttpResponse:
    asker = request.asker
    others = [one for one in members.visible_to(asker) if one.user != asker.user]
    mine = next((one for one in members.visible_to(asker) if one.user == asker.user), None)
    gone = GoneWorkspace.objects.filter(people=request.user.pk)
    page = {"memberships": workspaces.of(asker), "others": others, "mine": mine, "form": form, "gone": gone}
    return render(request, "people/workspaces.html", page, status=status)
