"""Changes of a draft over HTTP: what an open editor sends as its person works."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from flowbuilder.flows.api import find, must_edit
from flowbuilder.flows.editing import services
from flowbuilder.flows.editing.changes import Change

router = Router(tags=["flows"])


class Edits(Schema):
    client: str = Field(min_length=1, max_length=60)
    """The editor's own random name."""
    number: int = Field(ge=1, lt=2**31)
    """Which of its calls this is; a number that was answered is not made again."""
    revision: int
    """The one that it knows."""
    changes: list[Change] = Field([], max_length=20_000)
    name: str | None = Field(None, min_length=1, max_length=100)


@router.get("/flows/{uuid:flow_id}/edits")
def get_draft(request: HttpRequest, flow_id: uuid.UUID, client: str = "") -> dict[str, Any]:
    """The draft as it is now, and which number of this client's edits it holds."""
    flow = find(request, flow_id)
    return {
        "revision": flow.revision,
        "name": flow.name,
        "graph": services.whole(flow),
        "number": services.last_number(flow, client),
    }


@router.post("/flows/{uuid:flow_id}/edits")
def edit_flow(request: HttpRequest, flow_id: uuid.UUID, body: Edits) -> dict[str, Any]:
    """Make changes in the draft as it is now, whatever others changed meanwhile; 409 where an added id is in use.

    The answer has the `changes` that were made, or the whole `graph` where others had changed it since `revision`.
    """
    flow = find(request, flow_id)
    must_edit(request)
    edited = services.edit_draft(
        asker=request.asker,
        flow=flow,
        client=body.client,
        number=body.number,
        revision=body.revision,
        changes=body.changes,
        name=body.name,
    )
    made = edited.changes
    return {
        "revision": edited.flow.revision,
        "name": edited.flow.name,
        "changes": None if made is None else [change.told() for change in made],
        "graph": services.whole(edited.flow) if made is None else None,
    }
