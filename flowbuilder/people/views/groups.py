"""The page of groups."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts.models import Group
from flowbuilder.accounts.rights import administers, page_must
from flowbuilder.people import groups, members
from flowbuilder.people.api.groups import find
from flowbuilder.people.forms import GroupForm

must_manage = page_must(administers, gettext_noop("Groups are managed by the workspace's owner and admins."))


@login_required
@require_http_methods(["GET", "POST"])
def group_list(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return answer(request, GroupForm(members.visible_to(request.asker)))
    must_manage(request)
    form = GroupForm(members.visible_to(request.asker), request.POST)
    if form.done(groups.create, asker=request.asker) is None:
        return answer(request, form, status=422)
    return redirect("people:groups")


@login_required
@require_POST
def change(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    group = find(request.asker, group_id)
    must_manage(request)
    form = GroupForm(members.visible_to(request.asker), request.POST)
    if form.done(groups.change, asker=request.asker, group=group) is None:
        blank = GroupForm(members.visible_to(request.asker))
        return answer(request, blank, status=422, changed=group.pk, changing=form)
    return redirect("people:groups")


@login_required
@require_POST
def delete(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    group = find(request.asker, group_id)
    must_manage(request)
    groups.delete(asker=request.asker, group=group)
    return redirect("people:groups")


def answer(request: HttpRequest, form: GroupForm, status: int = 200, **more: Any) -> HttpResponse:
    found = Group.objects.visible_to(request.asker).prefetch_related("members__user")
    page = {"groups": found, "members": members.visible_to(request.asker), "form": form}
    return render(request, "people/groups.html", {**page, **more}, status=status)
