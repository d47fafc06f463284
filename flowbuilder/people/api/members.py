"""Members over HTTP."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status

from flowbuilder.accounts.models import Asker, Membership, Role
from flowbuilder.people import members

router = Router(tags=["members"])


class NewRole(Schema):
    role: Role


@router.get("/members")
def list_members(request: HttpRequest) -> list[dict[str, Any]]:
    return [row(member) for member in members.visible_to(request.asker)]


@router.patch("/members/{int:member_id}")
def change_member(request: HttpRequest, member_id: int, body: NewRole) -> dict[str, Any]:
    member = find(request.asker, member_id)
    members.change_role(asker=request.asker, member=member, role=body.role)
    return row(find(request.asker, member_id))


@router.delete("/members/{int:member_id}", response={204: None})
def remove_member(request: HttpRequest, member_id: int) -> Any:
    """Yourself too: then you have left."""
    members.remove(asker=request.asker, member=find(request.asker, member_id))
    return Status(204, None)


def row(member: Membership) -> dict[str, Any]:
    return {
        "id": member.pk,
        "name": member.user.name,
        "email": member.user.email,
        "role": member.role,
        "since": member.created_at,
    }


def find(asker: Asker, member_id: int) -> Membership:
    found = next((one for one in members.visible_to(asker) if one.pk == member_id), None)
    if found is None:
        raise Http404
    return found
