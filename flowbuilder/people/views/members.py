"""The page of members: who is here and as what, and the invitations that are open."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from flowbuilder.accounts.models import Role
from flowbuilder.people import mail, members
from flowbuilder.people.api.members import find
from flowbuilder.people.forms import InviteForm
from flowbuilder.people.models import Invitation
from flowbuilder.people.views.doing import done


@login_required
@never_cache
@require_GET
def member_list(request: HttpRequest) -> HttpResponse:
    return answer(request, InviteForm())


@login_required
@require_POST
def change_role(request: HttpRequest, member_id: int) -> HttpResponse:
    member, role = find(request.asker, member_id), request.POST.get("role", "")
    return done(request, "people:members", members.change_role, member=member, role=role)


@login_required
@require_POST
def remove(request: HttpRequest, member_id: int) -> HttpResponse:
    """Whoever removes themselves has left, and goes on in another workspace of theirs."""
    member = find(request.asker, member_id)
    leaves = member.user == request.asker.user
    return done(request, "people:workspaces" if leaves else "people:members", members.remove, member=member)


def answer(request: HttpRequest, form: InviteForm, status: int = 200, **more: Any) -> HttpResponse:
    asker = request.asker
    page = {
        "members": members.visible_to(asker),
        "meanings": [(role.label, meaning) for role, meaning in members.MEANINGS.items()],
        "roles": Role.choices,
        "invitations": Invitation.objects.visible_to(asker).live() if asker and asker.can_administer else [],
        "form": form,
        "can_mail": mail.can_send(),
    }
    return render(request, "people/members.html", {**page, **more}, status=status)
