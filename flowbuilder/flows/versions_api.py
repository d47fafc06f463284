"""Versions of a flow over HTTP, which of them is live, and what changed from one to another."""

import uuid
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.flows import publication, services
from flowbuilder.flows.api import find, must_edit, whole
from flowbuilder.flows.models import Environment, Flow, FlowVersion, PublicationMove

router = Router(tags=["flows"])


class VersionWords(Schema):
    name: str = Field("", max_length=80)
    note: str = Field("", max_length=2000)


class NewVersion(VersionWords):
    version: int | None = None
    """An earlier one that is frozen again, in place of the draft."""


@router.get("/flows/{uuid:flow_id}/versions")
def list_versions(request: HttpRequest, flow_id: uuid.UUID) -> list[dict[str, Any]]:
    versions = find(request, flow_id).versions.select_related("created_by")
    return [version_row(version) for version in versions]


@router.post("/flows/{uuid:flow_id}/versions", response={201: dict[str, Any]})
def create_version(request: HttpRequest, flow_id: uuid.UUID, body: NewVersion) -> Any:
    """Freeze the draft, or an earlier version again, as the next version."""
    flow = find(request, flow_id)
    must_edit(request)
    restored = None if body.version is None else publication.version_of(flow, body.version)
    made = services.publish_version(
        asker=request.asker, flow=flow, note=body.note, name=body.name, restored=restored
    )
    return Status(201, version_row(made))


@router.get("/flows/{uuid:flow_id}/versions/{int:number}")
def get_version(request: HttpRequest, flow_id: uuid.UUID, number: int) -> dict[str, Any]:
    """One, with its graph."""
    version = publication.version_of(find(request, flow_id), number)
    return {**version_row(version), "graph": services.parse_graph(version.graph).model_dump(mode="json")}


@router.patch("/flows/{uuid:flow_id}/versions/{int:number}")
def name_version(request: HttpRequest, flow_id: uuid.UUID, number: int, body: VersionWords) -> dict[str, Any]:
    """What people call it and say of it; its graph never changes."""
    flow = find(request, flow_id)
    must_edit(request)
    version = publication.version_of(flow, number)
    for name, value in body.dict(exclude_unset=True).items():
        setattr(version, name, value)
    version.save(update_fields=["name", "note"])
    return version_row(version)


class Publication(Schema):
    version: int | None
    reason: str = Field("", max_length=500)


@router.put("/flows/{uuid:flow_id}/publication")
def publish(request: HttpRequest, flow_id: uuid.UUID, body: Publication) -> dict[str, Any]:
    """Make a version the live one (null takes the flow offline)."""
    flow = find(request, flow_id)
    must_edit(request)
    published = publication.set_publication(
        asker=request.asker, flow=flow, number=body.version, reason=body.reason
    )
    return whole(published)


@router.get("/flows/{uuid:flow_id}/publication")
def get_publication(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """Which version is live, which one a roll back would bring, and the newest hundred changes of that."""
    return publication_row(find(request, flow_id))


class Why(Schema):
    reason: str = Field("", max_length=500)
    """For whoever reads the history."""


@router.post("/flows/{uuid:flow_id}/publication/rollbacks", response={201: dict[str, Any]})
def roll_back(request: HttpRequest, flow_id: uuid.UUID, body: Why | None = None) -> Any:
    """Make live what was live before."""
    flow = find(request, flow_id)
    must_edit(request)
    back = publication.roll_back(asker=request.asker, flow=flow, reason=body.reason if body else "")
    return Status(201, publication_row(back))


@router.get("/flows/{uuid:flow_id}/difference")
def get_difference(
    request: HttpRequest, flow_id: uuid.UUID, since: int | None = None, version: int | None = None
) -> dict[str, Any]:
    """Nodes, settings and wires that changed from one version to another: from what is live, and to the draft."""
    flow = find(request, flow_id)
    return asdict(publication.changes(flow, since=since, version=version))


def publication_row(flow: Flow) -> dict[str, Any]:
    earlier = publication.previous(flow)
    moves = flow.moves.filter(environment=Environment.PRODUCTION).select_related("person")[:100]
    return {
        "version": publication.live_number(flow),
        "previous": earlier.number if earlier else None,
        "moves": [move_row(move) for move in moves],
    }


def move_row(move: PublicationMove) -> dict[str, Any]:
    return {
        "before": move.before,
        "after": move.after,
        "environment": move.environment,
        "rolled_back": move.undo,
        "reason": move.reason,
        "person": str(move.person) if move.person else None,
        "at": move.created_at,
    }


def version_row(version: FlowVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "name": version.name,
        "note": version.note,
        "person": str(version.created_by) if version.created_by else None,
        "created_at": version.created_at,
    }
