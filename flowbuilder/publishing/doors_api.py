"""The ways into a flow over HTTP: read, opened, closed, furnished."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.flows.api import find as find_flow
from flowbuilder.flows.api import must_edit
from flowbuilder.publishing import doors
from flowbuilder.publishing.models import Doors, Sources
from flowbuilder.publishing.overrides import allowed_of, choices_of, schema_of

router = Router(tags=["publishing"])


class Override(Schema):
    node: str = Field(max_length=LONGEST_PATH)
    """Its id; inside groups its path."""
    setting: str = Field(max_length=100)


class DoorsChange(Schema):
    """What is left out stays as it is."""

    api: bool = True
    mcp: bool = False
    overrides: list[Override] = []
    """What callers may set otherwise for one run, in place of what they might before."""
    page: bool = False
    embed: bool = False
    flowise: bool = False
    flowise_public: bool = False
    flowise_traces: bool = False
    flowise_approvals: bool = False
    flowise_files: bool = False
    flowise_leads: bool = False
    flowise_follow_ups: bool = False
    address: str = Field("", max_length=60)
    """Empty draws an unguessable one; either way the old address leads nowhere from then on."""
    title: str = Field("", max_length=100)
    description: str = Field("", max_length=1000)
    examples: list[str] = []
    sources: Sources = Sources.QUOTES
    feedback: bool = True
    pairs: bool = False
    sites: list[str] = []
    any_site: bool = False
    visitor_rate: int = Field(10, ge=1, le=1000)
    flow_rate: int = Field(120, ge=1, le=10_000)


@router.get("/flows/{uuid:flow_id}/doors")
def get_doors(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """Which ways lead in, and how they look."""
    return row(request, Doors.of(find_flow(request, flow_id)))


@router.get("/flows/{uuid:flow_id}/overridable")
def list_overridable(request: HttpRequest, flow_id: uuid.UUID) -> list[dict[str, Any]]:
    """Every setting that could be left to callers: of the live version, or of the draft where there is none."""
    flow = find_flow(request, flow_id)
    allowed = allowed_of(flow)
    return [
        {**vars(choice), "schema": schema_of(choice), "allowed": (choice.node, choice.setting) in allowed}
        for choice in choices_of(flow)
    ]


@router.patch("/flows/{uuid:flow_id}/doors")
def change_doors(request: HttpRequest, flow_id: uuid.UUID, body: DoorsChange) -> dict[str, Any]:
    """Open, close and furnish them; it holds from the next call on, and for streams within five seconds."""
    flow = find_flow(request, flow_id)
    must_edit(request)
    return row(request, doors.change(asker=request.asker, flow=flow, **body.dict(exclude_unset=True)))


def row(request: HttpRequest, found: Doors) -> dict[str, Any]:
    named = {name: getattr(found, name) for name in DoorsChange.model_fields}
    if found._state.adding:
        named["address"] = None  # drawn when it is first needed
    url = request.build_absolute_uri(f"/chat/{found.address}/") if found.page else None
    return {**named, "url": url}
