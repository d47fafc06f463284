"""Inviting on the page of members; a link is shown this once."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.people import invitations, mail
from flowbuilder.people.api.invitations import find, link_of
from flowbuilder.people.forms import InviteForm
from flowbuilder.people.models import Invitation
from flowbuilder.people.views.members import answer


@login_required
@never_cache
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    must_invite(request)
    form = InviteForm(request.POST)
    made = form.done(invitations.invite, asker=request.asker)
    if made is None:
        return answer(request, form, status=422)
    return shown(request, *made)


@login_required
@never_cache
@require_POST
def renew(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    invitation = find(request.asker, invitation_id)
    must_invite(request)
    try:
        token = invitations.renew(asker=request.asker, invitation=invitation)
    except ApiError as error:
        messages.error(request, error.message)
        return redirect("people:members")
    return shown(request, invitation, token)


@login_required
@require_POST
def revoke(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    invitation = find(request.asker, invitation_id)
    must_invite(request)
    invitations.revoke(asker=request.asker, invitation=invitation)
    return redirect("people:members")


def shown(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    link = link_of(request, token)
    made = {"invitation": invitation, "link": link, "sent": mail.send(invitation, link)}
    return answer(request, InviteForm(), made=made)


def must_invite(request: HttpRequest) -> None:
    try:
        invitations.must_invite(request.asker)
    except ApiError as error:
        raise PermissionDenied(error.message) from error
