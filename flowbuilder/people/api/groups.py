"""Groups of members over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from flowbuilder.accounts.models import Asker, Group
from flowbuilder.people import groups

router = Router(tags=["groups"])


class GroupBody(Schema):
    name: str
    members: list[int] = []


@router.get("/groups")
def list_groups(request: HttpRequest) -> list[dict[str, Any]]:
    return [row(group) for group in Group.objects.visible_to(request.asker).prefetch_related("members")]


@router.post("/groups", response={201: dict[str, Any]})
def create_group(request: HttpRequest, body: GroupBody) -> Any:
    """``members`` are ids of ``/api/members``."""
    return Status(201, row(groups.create(asker=request.asker, name=body.name, members=body.members)))


@router.put("/groups/{uuid:group_id}")
def change_group(request: HttpRequest, group_id: uuid.UUID, body: GroupBody) -> dict[str, Any]:
    group = find(request.asker, group_id)
    groups.change(asker=request.asker, group=group, name=body.name, members=body.members)
    return row(group)


@router.delete("/groups/{uuid:group_id}", response={204: None})
def delete_group(request: HttpRequest, group_id: uuid.UUID) -> Any:
    groups.delete(asker=request.asker, group=find(request.asker, group_id))
    return Status(204, None)


def row(group: Group) -> dict[str, Any]:
    return {"id": str(group.pk), "name": group.name, "members": [one.pk for one in group.members.all()]}


def find(asker: Asker | None, group_id: uuid.UUID) -> Group:
    found: Group = get_object_or_404(Group.objects.visible_to(asker), pk=group_id)
    return found
