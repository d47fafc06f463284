"""A person's workspaces over HTTP."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.people import deletion, members, workspaces

router = Router(tags=["workspaces"])


class Named(Schema):
    name: str


class NewOwner(Schema):
    member: int


@router.get("/workspaces")
def list_workspaces(request: HttpRequest) -> list[dict[str, Any]]:
    """All that you belong to; to a key there is only its own."""
    current = request.asker.workspace
    return [
        {
            "id": str(one.workspace_id),
            "name": one.workspace.name,
            "role": request.asker.role if one.workspace_id == current.pk else one.role,
            "current": one.workspace_id == current.pk,
        }
        for one in workspaces.of(request.asker)
    ]


@router.post("/workspaces", response={201: dict[str, Any]})
def create_workspace(request: HttpRequest, body: Named) -> Any:
    """Yours; a session goes on in the one that it is in until it chooses another."""
    if request.asker.key_id is not None:
        raise ApiError("forbidden", _("A key stays in its workspace; create one in the browser."), 403)
    made = workspaces.create(user=request.asker.user, name=body.name)
    return Status(201, row(made))


@router.patch("/workspaces/{uuid:workspace_id}")
def rename_workspace(request: HttpRequest, workspace_id: uuid.UUID, body: Named) -> dict[str, Any]:
    asker = find(request, workspace_id)
    workspaces.rename(asker=asker, name=body.name)
    return row(asker)


@router.delete("/workspaces/{uuid:workspace_id}", response={202: None})
def delete_workspace(request: HttpRequest, workspace_id: uuid.UUID, body: Named) -> Any:
    """With everything of it. ``name`` is the workspace's, so that nobody deletes the wrong one."""
    deletion.ask_for(asker=find(request, workspace_id), name=body.name)
    return Status(202, None)


@router.put("/workspaces/{uuid:workspace_id}/owner", response={204: None})
def hand_over(request: HttpRequest, workspace_id: uuid.UUID, body: NewOwner) -> Any:
    """To a member; you are an admin from then on."""
    members.hand_over(asker=find(request, workspace_id), member_id=body.member)
    return Status(204, None)


def row(asker: Asker) -> dict[str, Any]:
    return {"id": str(asker.workspace.pk), "name": asker.workspace.name, "role": asker.role}


def find(request: HttpRequest, workspace_id: uuid.UUID) -> Asker:
    found = workspaces.asker_in(request.asker, workspace_id)
    if found is None:
        raise Http404
    return found
