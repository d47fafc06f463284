"""Shares over HTTP."""

import uuid
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Membership
from flowbuilder.sharing import inviting, services
from flowbuilder.sharing.finding import find_group, find_share, find_thing, members_of, shares_of
from flowbuilder.sharing.letters import letter
from flowbuilder.sharing.mine import shared_with
from flowbuilder.sharing.models import Right, Share

router = Router(tags=["sharing"])
RightName = Literal["view", "run", "edit"]


class NewShare(Schema):
    right: RightName = "view"
    email: str = Field("", max_length=254)
    """Whose it is; without one, and without a group, it is a link's."""
    group: uuid.UUID | None = None
    """Of the workspace."""
    expires_at: AwareDatetime | None = None
    """Of a link."""
    password: str = Field("", max_length=100)
    """Of a link, where it shall need one."""


class ChangedShare(Schema):
    right: RightName | None = None
    expires_at: AwareDatetime | None = None
    """Of a link; null takes the end away."""
    password: str | None = Field(None, max_length=100)
    """Of a link; an empty one takes the password away."""


@router.get("/shared-with-me")
def shared_with_me(request: HttpRequest) -> list[dict[str, Any]]:
    """What others shared with you, the newest first. A key hears of its own workspace alone."""
    asker = request.asker
    if asker.only:
        return []
    found = shared_with(asker.user)
    if asker.key_id:
        found = [item for item in found if item.share.workspace_id == asker.workspace.pk]
    return [
        {
            "kind": item.share.kind,
            "id": str(item.share.thing),
            "name": item.name,
            "right": item.share.right,
            "workspace": item.share.workspace.name,
            "by": str(item.share.created_by) if item.share.created_by else None,
            "path": item.address,
            "new": item.new,
        }
        for item in found
    ]


@router.get("/shares/{str:kind}/{uuid:thing_id}")
def list_shares(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> dict[str, Any]:
    """Who has what right over a flow, model or base (`kind`), by their role or by a share."""
    thing, _ = find_thing(request, kind, thing_id)
    return {
        "members": [member_row(member) for member in members_of(request)],
        "shares": [row(share) for share in shares_of(thing)],
    }


@router.post("/shares/{str:kind}/{uuid:thing_id}", response={201: dict[str, Any]})
def share(request: HttpRequest, kind: str, thing_id: uuid.UUID, body: NewShare) -> Any:
    """Share it with an e-mail address, with a group, or by a link, whose `path` is told this once.

    To an address of nobody in the workspace a letter goes, whether or not somebody signs in with it; its `link` is told
    this once too. The share is `pending` until it is opened.
    """
    thing, _ = find_thing(request, kind, thing_id)
    right = Right(body.right)
    if body.email:
        given = inviting.share_with_address(asker=request.asker, thing=thing, email=body.email, right=right)
        return Status(201, {**row(given.share), **letter(request, given)})
    if body.group:
        group = find_group(request, body.group)
        made = services.share_with_group(asker=request.asker, thing=thing, group=group, right=right)
        return Status(201, row(made))
    link = services.share_by_link(
        asker=request.asker, thing=thing, right=right, expires_at=body.expires_at, password=body.password
    )
    return Status(201, {**row(link.share), "path": reverse("sharing:link", args=[link.token])})


@router.patch("/shares/{uuid:share_id}")
def change_share(request: HttpRequest, share_id: uuid.UUID, body: ChangedShare) -> dict[str, Any]:
    found = find_share(request, share_id)
    told = body.dict(exclude_unset=True)
    if not found.is_link and told.keys() & {"expires_at", "password"}:
        raise ApiError("invalid", "Only links end by themselves and have passwords.", 422)
    if told.get("right"):
        told["right"] = Right(told["right"])
    return row(services.change(asker=request.asker, share=found, **told))


@router.post("/shares/{uuid:share_id}/invitation", response={201: dict[str, Any]})
def send_again(request: HttpRequest, share_id: uuid.UUID) -> Any:
    """Another letter to the address of a pending share; the `link` of the one before opens nothing any more."""
    sent = inviting.renew(asker=request.asker, share=find_share(request, share_id))
    return Status(201, {**row(sent.share), **letter(request, sent)})


@router.delete("/shares/{uuid:share_id}", response={204: None})
def end_share(request: HttpRequest, share_id: uuid.UUID) -> Any:
    """What it let somebody in to closes for them within five seconds, also where it is open."""
    services.end(asker=request.asker, share=find_share(request, share_id))
    return Status(204, None)


def row(share: Share) -> dict[str, Any]:
    ends: datetime | None = share.expires_at
    return {
        "id": str(share.pk),
        "right": share.right,
        "person": person_row(share),
        "pending": share.is_pending,
        "invited_until": share.invited_until,
        "group": share.group and {"id": str(share.group.pk), "name": share.group.name},
        "link": share.is_link,
        "password": bool(share.password),
        "expires_at": ends,
        "over": share.is_over,
        "uses": share.uses,
        "used_at": share.used_at,
        "by": str(share.created_by) if share.created_by else None,
        "created_at": share.created_at,
    }


def person_row(share: Share) -> dict[str, str] | None:
    """By the address alone until they opened it."""
    if share.is_pending:
        return {"email": share.email, "name": share.email}
    return {"email": share.person.email, "name": str(share.person)} if share.person else None


def member_row(member: Membership) -> dict[str, Any]:
    return {"email": member.user.email, "name": str(member.user), "role": member.role}
