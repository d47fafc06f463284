"""Callbacks over HTTP: registered, paused, forgotten; what was delivered, and again."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.api import find as find_flow
from flowbuilder.flows.api import must_edit
from flowbuilder.publishing.callbacks import delivering, registering
from flowbuilder.publishing.callbacks.models import Callback, Delivery, State

router = Router(tags=["callbacks"])
PAGE = 100


class NewCallback(Schema):
    url: str = Field(min_length=1, max_length=2000)
    """Of a host that the administrator lists in FLOWBUILDER_OUTBOUND_HOSTS."""
    secret: str = Field("", max_length=200)
    """`whsec_` and base64; left empty, one is drawn and told once."""


class CallbackChange(Schema):
    active: bool


@router.get("/flows/{uuid:flow_id}/callbacks")
def list_callbacks(request: HttpRequest, flow_id: uuid.UUID) -> list[dict[str, Any]]:
    """Addresses that are told of every run of the live version."""
    return [row(callback) for callback in find_flow(request, flow_id).callbacks.filter(run=None)]


@router.post("/flows/{uuid:flow_id}/callbacks", response={201: dict[str, Any]})
def add_callback(request: HttpRequest, flow_id: uuid.UUID, body: NewCallback) -> Any:
    """The answer's `secret` is shown this once."""
    flow = find_flow(request, flow_id)
    must_edit(request)
    made, secret = registering.register(asker=request.asker, flow=flow, url=body.url, secret=body.secret)
    return Status(201, {**row(made), "secret": secret})


@router.patch("/callbacks/{uuid:callback_id}")
def change_callback(request: HttpRequest, callback_id: uuid.UUID, body: CallbackChange) -> dict[str, Any]:
    """Pause it, or go on. What ends meanwhile is not told later."""
    callback = find(request, callback_id)
    must_edit(request)
    return row(registering.set_active(asker=request.asker, callback=callback, active=body.active))


@router.delete("/callbacks/{uuid:callback_id}", response={204: None})
def delete_callback(request: HttpRequest, callback_id: uuid.UUID) -> Any:
    """With its deliveries."""
    callback = find(request, callback_id)
    must_edit(request)
    registering.forget(asker=request.asker, callback=callback)
    return Status(204, None)


@router.post("/callbacks/{uuid:callback_id}/secret", response={201: dict[str, Any]})
def renew_secret(request: HttpRequest, callback_id: uuid.UUID) -> Any:
    """A new one, shown this once; the old one signs nothing from now on."""
    callback = find(request, callback_id)
    must_edit(request)
    secret = registering.renew_secret(asker=request.asker, callback=callback)
    return Status(201, {**row(callback), "secret": secret})


@router.get("/flows/{uuid:flow_id}/deliveries")
def list_deliveries(
    request: HttpRequest,
    flow_id: uuid.UUID,
    state: State | None = None,
    limit: int = Query(PAGE, ge=1, le=500),
) -> list[dict[str, Any]]:
    """The newest first."""
    found = find_flow(request, flow_id).deliveries.select_related("callback")
    if state is not None:
        found = found.filter(state=state)
    return [delivery_row(delivery) for delivery in found[:limit]]


@router.get("/deliveries/{uuid:delivery_id}")
def get_delivery(request: HttpRequest, delivery_id: uuid.UUID) -> dict[str, Any]:
    """One, with its body and every try."""
    delivery = find_delivery(request, delivery_id)
    tries = [
        {"at": each.at, "seconds": each.seconds, "status": each.status, "problem": each.problem}
        for each in delivery.tries.all()
    ]
    return {**delivery_row(delivery), "body": delivery.body, "tries": tries}


@router.post("/deliveries/{uuid:delivery_id}/redeliveries", response={202: dict[str, Any]})
def redeliver(request: HttpRequest, delivery_id: uuid.UUID) -> Any:
    """The same message again, with the same id."""
    delivery = find_delivery(request, delivery_id)
    must_edit(request)
    return Status(202, delivery_row(delivering.send_again(delivery)))


def find(request: HttpRequest, callback_id: uuid.UUID) -> Callback:
    callback = Callback.objects.visible_to(request.asker).filter(pk=callback_id).first()
    if callback is None:
        raise ApiError("not_found", "There is no such callback, or it is not yours.", 404)
    return callback


def find_delivery(request: HttpRequest, delivery_id: uuid.UUID) -> Delivery:
    rows = Delivery.objects.visible_to(request.asker).select_related("callback")
    delivery = rows.filter(pk=delivery_id).first()
    if delivery is None:
        raise ApiError("not_found", "There is no such delivery, or it is not yours.", 404)
    return delivery


def row(callback: Callback) -> dict[str, Any]:
    return {
        "id": str(callback.pk),
        "url": callback.url,
        "active": callback.active,
        "problem": callback.problem,
        "created_at": callback.created_at,
    }


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": str(delivery.pk),
        "message_id": delivery.message_id,
        "callback": str(delivery.callback_id),
        "url": delivery.callback.url,
        "run": str(delivery.run_id),
        "state": delivery.state,
        "event": delivery.event,
        "attempts": delivery.attempts,
        "due_at": delivery.due_at,
        "created_at": delivery.created_at,
    }
