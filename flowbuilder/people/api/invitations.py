"""Invitations over HTTP; a link is told once, to who made it."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router, Schema, Status

from flowbuilder.accounts.models import Asker, Role
from flowbuilder.people import invitations, mail
from flowbuilder.people.models import Invitation

router = Router(tags=["invitations"])


class NewInvitation(Schema):
    role: Role
    email: str = ""
    days: int = 7
    uses: int = 1


class Renewal(Schema):
    days: int = 7


@router.get("/invitations")
def list_invitations(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that are open."""
    invitations.must_invite(request.asker)
    return [row(one) for one in Invitation.objects.visible_to(request.asker).live()]


@router.post("/invitations", response={201: dict[str, Any]})
def invite(request: HttpRequest, body: NewInvitation) -> Any:
    """With an ``email`` for that address alone, and sent there where a mail server is set."""
    made, token = invitations.invite(asker=request.asker, **body.dict())
    return Status(201, told(request, made, token))


@router.post("/invitations/{uuid:invitation_id}/renewal")
def renew_invitation(request: HttpRequest, invitation_id: uuid.UUID, body: Renewal) -> dict[str, Any]:
    """Another link, sent again; the one before it opens nothing any more."""
    invitation = find(request.asker, invitation_id)
    token = invitations.renew(asker=request.asker, invitation=invitation, days=body.days)
    return told(request, invitation, token)


@router.delete("/invitations/{uuid:invitation_id}", response={204: None})
def revoke_invitation(request: HttpRequest, invitation_id: uuid.UUID) -> Any:
    invitations.revoke(asker=request.asker, invitation=find(request.asker, invitation_id))
    return Status(204, None)


def told(request: HttpRequest, invitation: Invitation, token: str) -> dict[str, Any]:
    link = link_of(request, token)
    return {**row(invitation), "sent": mail.send(invitation, link), "link": link}


def link_of(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("people:join", args=[token]))


def row(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": str(invitation.pk),
        "email": invitation.email,
        "role": invitation.role,
        "uses": invitation.uses,
        "most_uses": invitation.most_uses,
        "expires_at": invitation.expires_at,
        "created_at": invitation.created_at,
    }


def find(asker: Asker | None, invitation_id: uuid.UUID) -> Invitation:
    found: Invitation = get_object_or_404(Invitation.objects.visible_to(asker), pk=invitation_id)
    return found
