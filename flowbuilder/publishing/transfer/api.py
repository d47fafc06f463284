"""Moving a flow to another workspace, over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.api import find, summary
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.transfer import moving

router = Router(tags=["sharing"])


class Transfer(Schema):
    workspace: uuid.UUID


@router.get("/flows/{uuid:flow_id}/transfer")
def look_ahead(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """Where the flow may go, and what would not come along."""
    flow = find_own(request, flow_id)
    return {
        "workspaces": [{"id": str(one.pk), "name": one.name} for one in moving.targets(request.asker)],
        "left_behind": [vars(one) for one in moving.left_behind(flow)],
        "keys": [key.name for key in moving.keys_of(flow)],
    }


@router.post("/flows/{uuid:flow_id}/transfer")
def transfer(request: HttpRequest, flow_id: uuid.UUID, body: Transfer) -> dict[str, Any]:
    """Move it, with its versions, runs, comments and ways in; keys that are limited to it are revoked."""
    flow = find_own(request, flow_id)
    return summary(moving.move(asker=request.asker, flow=flow, workspace_id=body.workspace))


def find_own(request: HttpRequest, flow_id: uuid.UUID) -> Flow:
    flow = find(request, flow_id)
    if not request.asker.can_manage:
        raise ApiError("forbidden", "Your role may not move flows away; ask an editor of the workspace.", 403)
    return flow
