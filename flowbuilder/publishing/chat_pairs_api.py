"""Two answers to one question on the public page and in the widget: the visitor says which is better."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Header, Router, Schema, Status

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing import pairs
from flowbuilder.publishing.chat_api import find
from flowbuilder.publishing.models import Doors, Turn
from flowbuilder.publishing.rate import count_opinion, count_question
from flowbuilder.publishing.visitors import admitted

router = Router(tags=["chat"], auth=None)
PASS = Header("", alias="X-Visitor", max_length=1000)


class VisitorVerdict(Schema):
    better: Literal["left", "right", "equal"]


@router.post("/chat/{slug:address}/questions/{uuid:turn_id}/comparison", response={202: dict[str, Any]})
def ask_again(request: HttpRequest, address: str, turn_id: uuid.UUID, visitor_pass: str = PASS) -> Any:
    """A second answer to the question; asked for once more, it is the same one."""
    doors, turn = comparable(address, visitor_pass, turn_id)
    if pairs.of(turn) is None:
        _, visitor = admitted(address, visitor_pass)
        count_question(doors, visitor, request.META.get("REMOTE_ADDR", ""))
        pairs.begin(doors=doors, turn=turn)
    return Status(202, {"id": str(turn_id)})


@router.get("/chat/{slug:address}/questions/{uuid:turn_id}/comparison")
def get_comparison(
    request: HttpRequest, address: str, turn_id: uuid.UUID, visitor_pass: str = PASS
) -> dict[str, Any]:
    """`open` until both answers are there; which of them came first is told to nobody."""
    return pairs.told(comparable(address, visitor_pass, turn_id)[1])


@router.put("/chat/{slug:address}/questions/{uuid:turn_id}/comparison/verdict", response={204: None})
def decide(
    request: HttpRequest, address: str, turn_id: uuid.UUID, body: VisitorVerdict, visitor_pass: str = PASS
) -> Any:
    """Which answer is better, in place of what you said before."""
    doors, turn = comparable(address, visitor_pass, turn_id)
    count_opinion(doors, request.META.get("REMOTE_ADDR", ""))
    pairs.decide(doors=doors, turn=turn, better=body.better)
    return Status(204, None)


def comparable(address: str, visitor_pass: str, turn_id: uuid.UUID) -> tuple[Doors, Turn]:
    doors, turn = find(address, visitor_pass, turn_id)
    if not (doors.feedback and doors.pairs):
        raise ApiError("forbidden", "This page compares no answers.", 403)
    return doors, turn
