"""Limits of keys and flows over HTTP."""

import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.rights import administers, api_must
from flowbuilder.flows.api import find as find_flow
from flowbuilder.publishing.limits.services import limit_of, row, set_limit

must_administer = api_must(administers, "Limits are set by the workspace's owner and admins.")

router = Router(tags=["limits"])


class Limits(Schema):
    """What is left out stays; null lifts it."""

    requests_a_minute: int | None = None
    runs_at_once: int | None = None
    tokens_a_day: int | None = None
    tokens_a_month: int | None = None
    money_a_month: Decimal | None = None


@router.get("/flows/{uuid:flow_id}/limits")
def get_flow_limits(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """For everybody outside together; `used` tells what today and this month have taken."""
    return row(limit_of(find_flow(request, flow_id)))


@router.patch("/flows/{uuid:flow_id}/limits")
def change_flow_limits(request: HttpRequest, flow_id: uuid.UUID, body: Limits) -> dict[str, Any]:
    """They hold from the next call on."""
    flow = find_flow(request, flow_id)
    must_administer(request)
    return row(set_limit(asker=request.asker, owner=flow, **body.dict(exclude_unset=True)))


@router.get("/keys/{uuid:key_id}/limits")
def get_key_limits(request: HttpRequest, key_id: uuid.UUID) -> dict[str, Any]:
    return row(limit_of(find_key(request, key_id)))


@router.patch("/keys/{uuid:key_id}/limits")
def change_key_limits(request: HttpRequest, key_id: uuid.UUID, body: Limits) -> dict[str, Any]:
    """They hold from the next call on."""
    key = find_key(request, key_id)
    must_administer(request)
    return row(set_limit(asker=request.asker, owner=key, **body.dict(exclude_unset=True)))


def find_key(request: HttpRequest, key_id: uuid.UUID) -> ApiKey:
    key = ApiKey.objects.visible_to(request.asker).live().filter(pk=key_id).first()
    if key is None:
        raise ApiError("not_found", "There is no such key, or it is not yours.", 404)
    return key
