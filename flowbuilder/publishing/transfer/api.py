"""Moving things to another workspace, over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from flowbuilder.accounts.reach import Thing
from flowbuilder.publishing.transfer import flows, moving
from flowbuilder.publishing.transfer.targets import targets
from flowbuilder.sharing.finding import find_thing

router = Router(tags=["sharing"])


class Transfer(Schema):
    workspace: uuid.UUID


@router.get("/flows/{uuid:flow_id}/transfer")
def look_ahead_of_flow(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """Where the flow may go, and what would not come along."""
    return told(request, *find_thing(request, "flow", flow_id))


@router.post("/flows/{uuid:flow_id}/transfer")
def transfer_flow(request: HttpRequest, flow_id: uuid.UUID, body: Transfer) -> dict[str, Any]:
    """Move it, with its versions, runs, comments and ways in; keys that are limited to it are revoked."""
    return moved(request, *find_thing(request, "flow", flow_id), body)


@router.get("/transfers/{str:kind}/{uuid:thing_id}")
def look_ahead(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> dict[str, Any]:
    """Where a flow, model or base (`kind`) may go, what goes along, what stays, and why it cannot go now."""
    return told(request, *find_thing(request, kind, thing_id))


@router.post("/transfers/{str:kind}/{uuid:thing_id}")
def transfer(request: HttpRequest, kind: str, thing_id: uuid.UUID, body: Transfer) -> dict[str, Any]:
    """Move it with all that it owns, or nothing of it."""
    return moved(request, *find_thing(request, kind, thing_id), body)


def told(request: HttpRequest, thing: Thing, row: Any) -> dict[str, Any]:
    how = moving.MOVES[thing.kind]
    return {
        "workspaces": [{"id": str(one.pk), "name": one.name} for one in targets(request.asker)],
        "along": str(how.along),
        "stays": str(how.stays),
        "reasons": how.reasons(row),
        "left_behind": [vars(one) for one in flows.left_behind(row)] if thing.kind == "flow" else [],
        "keys": [key.name for key in flows.keys_of(row)] if thing.kind == "flow" else [],
    }


def moved(request: HttpRequest, thing: Thing, _: Any, body: Transfer) -> dict[str, Any]:
    row = moving.move(asker=request.asker, thing=thing, workspace_id=body.workspace)
    return {"kind": thing.kind, "id": str(row.pk), "name": str(row), "workspace": row.workspace.name}
