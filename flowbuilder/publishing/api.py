"""API keys over HTTP: made (and shown once), listed, revoked."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.flows.models import Flow
from flowbuilder.publishing import keys

must_manage = api_must(edits, "Your role may not manage API keys; ask an editor of the workspace.")

router = Router(tags=["keys"])


class NewKey(Schema):
    name: str = Field(min_length=1, max_length=100)
    flow: uuid.UUID | None = None
    """Limits the key to one flow."""


@router.get("/keys")
def list_keys(request: HttpRequest) -> list[dict[str, Any]]:
    return [row(key) for key in ApiKey.objects.visible_to(request.asker).live()]


@router.post("/keys", response={201: dict[str, Any]})
def create_key(request: HttpRequest, body: NewKey) -> Any:
    """The answer's `key` is shown this once and stored nowhere."""
    must_manage(request)
    flow = None
    if body.flow is not None:
        flow = Flow.objects.visible_to(request.asker).filter(pk=body.flow).first()
        if flow is None:
            raise ApiError("not_found", "There is no such flow to limit the key to, or it is not yours.", 404)
    key, secret = keys.issue(asker=request.asker, name=body.name, flow=flow)
    return Status(201, {**row(key), "key": secret})


@router.delete("/keys/{uuid:key_id}", response={204: None})
def revoke_key(request: HttpRequest, key_id: uuid.UUID) -> Any:
    """Refused from the next call on."""
    key = ApiKey.objects.visible_to(request.asker).live().filter(pk=key_id).first()
    if key is None:
        raise ApiError("not_found", "There is no such key, or it is not yours.", 404)
    must_manage(request)
    keys.revoke(asker=request.asker, key=key)
    return Status(204, None)


def row(key: ApiKey) -> dict[str, Any]:
    return {
        "id": str(key.pk),
        "name": key.name,
        "prefix": key.prefix,
        "flow": str(key.flow_id) if key.flow_id else None,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
    }
