"""Offering things to people, and taking what is offered, over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.publishing.transfer import moving, taking
from flowbuilder.publishing.transfer.letters import letter
from flowbuilder.sharing import offers
from flowbuilder.sharing.finding import find_thing
from flowbuilder.sharing.models import Offer
from flowbuilder.sharing.offers import Offered
from flowbuilder.sharing.things import model_of

router = Router(tags=["sharing"])


class NewOffer(Schema):
    email: str = Field(max_length=254)


class Taking(Schema):
    workspace: uuid.UUID
    """In which you are an editor or more."""
    token: str = Field("", max_length=100)
    """Of the letter's link, for an account that was made after the offer."""


class Refusing(Schema):
    token: str = Field("", max_length=100)


@router.get("/offers")
def list_offers(request: HttpRequest) -> dict[str, Any]:
    """Made: what your workspace offers, to its editors. Received: what is offered to you, whichever workspace you are in; not to a key."""
    asker = request.asker
    received = [] if asker.key_id else offers.offers_to(asker.user)
    return {
        "made": [{**row(item.offer), "name": item.name} for item in offers.offers_of(asker)],
        "received": [received_row(item) for item in received],
    }


@router.post("/transfers/{str:kind}/{uuid:thing_id}/offer", response={201: dict[str, Any]})
def offer(request: HttpRequest, kind: str, thing_id: uuid.UUID, body: NewOffer) -> Any:
    """To the person with this address, in place of the offer before. A letter goes there; its `link` is told this once."""
    thing, named = find_thing(request, kind, thing_id)
    made = offers.offer(asker=request.asker, thing=thing, email=body.email)
    return Status(201, {**row(made.offer), "name": str(named), **letter(request, made)})


@router.delete("/transfers/{str:kind}/{uuid:thing_id}/offer", response={204: None})
def withdraw_offer(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> Any:
    """Taken back; twice changes nothing."""
    thing, _ = find_thing(request, kind, thing_id)
    offers.withdraw(asker=request.asker, thing=thing)
    return Status(204, None)


@router.post("/offers/{uuid:offer_id}/acceptance")
def take_offer(request: HttpRequest, offer_id: uuid.UUID, body: Taking) -> dict[str, Any]:
    """It moves into a workspace of yours with all that belongs to it, or nothing of it does."""
    offers.must_be_person(request.asker)
    moved = taking.take(
        person=request.asker.user, offer_id=offer_id, workspace_id=body.workspace, token=body.token
    )
    kind = next(kind for kind in moving.MOVES if isinstance(moved, model_of(kind)))
    return {"kind": kind, "id": str(moved.pk), "name": str(moved), "workspace": moved.workspace.name}


@router.post("/offers/{uuid:offer_id}/refusal", response={204: None})
def refuse_offer(request: HttpRequest, offer_id: uuid.UUID, body: Refusing) -> Any:
    """It stays where it is, and is offered no more."""
    offers.must_be_person(request.asker)
    offers.refuse(person=request.asker.user, offer_id=offer_id, token=body.token)
    return Status(204, None)


def row(one: Offer) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "kind": one.kind,
        "thing": str(one.thing),
        "to": one.email,
        "by": str(one.created_by),
        "ends_at": one.ends_at,
    }


def received_row(item: Offered) -> dict[str, Any]:
    one = item.offer
    told = {"id": str(one.pk), "kind": one.kind, "name": item.name, "by": str(one.created_by)}
    return {**told, "workspace": one.workspace.name, "ends_at": one.ends_at}
