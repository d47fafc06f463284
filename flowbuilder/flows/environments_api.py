"""Environments of a flow over HTTP: what is on staging and in production, put there, promoted, rolled back."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.flows import publication
from flowbuilder.flows.api import find, must_edit
from flowbuilder.flows.models import Environment, Flow
from flowbuilder.flows.versions_api import Why, move_row

router = Router(tags=["flows"])
MOVES_SHOWN = 100


class Placement(Schema):
    version: int | None
    """Null empties the environment."""
    reason: str = Field("", max_length=500)
    """For whoever reads the history."""


@router.get("/flows/{uuid:flow_id}/environments")
def list_environments(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """Which version each holds, which one a roll back would bring, and the newest hundred moves with their reasons."""
    return rows(find(request, flow_id))


@router.put("/flows/{uuid:flow_id}/environments/{str:environment}")
def fill_environment(
    request: HttpRequest,
    flow_id: uuid.UUID,
    environment: Literal["staging", "production"],
    body: Placement,
) -> dict[str, Any]:
    """Put a version there; it holds from the next call on."""
    flow = find(request, flow_id)
    must_edit(request)
    where = {"environment": environment, "reason": body.reason}
    return rows(publication.set_publication(asker=request.asker, flow=flow, number=body.version, **where))


@router.post("/flows/{uuid:flow_id}/promotions", response={201: dict[str, Any]})
def promote(request: HttpRequest, flow_id: uuid.UUID, body: Why | None = None) -> Any:
    """What is on staging becomes what is live."""
    flow = find(request, flow_id)
    must_edit(request)
    promoted = publication.promote(asker=request.asker, flow=flow, reason=body.reason if body else "")
    return Status(201, rows(promoted))


@router.post("/flows/{uuid:flow_id}/environments/{str:environment}/rollbacks", response={201: dict[str, Any]})
def roll_back_environment(
    request: HttpRequest,
    flow_id: uuid.UUID,
    environment: Literal["staging", "production"],
    body: Why | None = None,
) -> Any:
    """Put back what was there before."""
    flow = find(request, flow_id)
    must_edit(request)
    where = {"environment": environment, "reason": body.reason if body else ""}
    return Status(201, rows(publication.roll_back(asker=request.asker, flow=flow, **where)))


def rows(flow: Flow) -> dict[str, Any]:
    found = {}
    for environment in publication.PLACES:
        earlier = publication.previous(flow, environment)
        found[str(environment)] = {
            "version": publication.number_in(flow, environment),
            "previous": earlier.number if earlier else None,
        }
    moves = flow.moves.select_related("person")[:MOVES_SHOWN]
    return {
        "environments": {str(Environment.DRAFT): {"revision": flow.revision}, **found},
        "moves": [move_row(m) for m in moves],
    }
