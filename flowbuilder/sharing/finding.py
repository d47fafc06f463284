"""What the doors of sharing look up, and who may share."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Group, Membership
from flowbuilder.accounts.reach import OWNERS, Thing
from flowbuilder.sharing.models import Share
from flowbuilder.sharing.things import model_of


def find_thing(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> tuple[Thing, Any]:
    """The thing, with its row. ``ApiError`` 404 for what is not theirs, 403 for who may not share it."""
    row = None
    if kind in OWNERS:
        row = model_of(kind).objects.visible_to(request.asker).filter(pk=thing_id).first()
    if row is None:
        raise ApiError("not_found", _("There is no such thing to share, or it is not yours."), 404)
    must_manage(request)
    return Thing(kind, thing_id), row


def find_share(request: HttpRequest, share_id: uuid.UUID) -> Share:
    share = (
        Share.objects.visible_to(request.asker).filter(pk=share_id).select_related("person", "group").first()
    )
    if share is None:
        raise ApiError("not_found", _("There is no such share, or it is not yours."), 404)
    must_manage(request)
    return share


def find_group(request: HttpRequest, group_id: uuid.UUID) -> Group:
    group = Group.objects.visible_to(request.asker).filter(pk=group_id).first()
    if group is None:
        raise ApiError("not_found", _("There is no such group in this workspace."), 404)
    return group


def must_manage(request: HttpRequest) -> None:
    if not request.asker or not request.asker.can_manage:
        raise ApiError("forbidden", _("Your role may not share; ask an editor of the workspace."), 403)


def shares_of(thing: Thing) -> list[Share]:
    return list(Share.objects.of(thing).select_related("person", "group", "created_by"))


def members_of(request: HttpRequest) -> list[Membership]:
    """Whose role in the workspace gives them something over everything in it."""
    members = Membership.objects.filter(workspace=request.asker.workspace, user__is_active=True)
    return list(members.select_related("user"))
