"""What Flowise's widget does around a prediction: its configuration, stop, thumbs, leads."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.feedback import services as feedback
from flowbuilder.feedback.models import Rating
from flowbuilder.publishing import turns
from flowbuilder.publishing.flowise import leads
from flowbuilder.publishing.flowise.config import config_of
from flowbuilder.publishing.flowise.entrance import Caller, enter, rated_here
from flowbuilder.publishing.flowise.models import LONGEST_ID
from flowbuilder.publishing.models import Turn
from flowbuilder.publishing.rate import count_opinion
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import ENDED

router = Router(auth=None)
UP, DOWN = "THUMBS_UP", "THUMBS_DOWN"
Thumb = Literal["THUMBS_UP", "THUMBS_DOWN"]
LONGEST_COMMENT = 2000


class NewFeedback(Schema):
    model_config = ConfigDict(extra="ignore")
    chatId: str = Field(max_length=LONGEST_ID)
    messageId: uuid.UUID
    rating: Thumb
    content: str | None = Field("", max_length=LONGEST_COMMENT)


class FeedbackChange(Schema):
    model_config = ConfigDict(extra="ignore")
    rating: Thumb | None = None
    content: str | None = Field(None, max_length=LONGEST_COMMENT)


class NewLead(Schema):
    model_config = ConfigDict(extra="ignore")
    chatflowid: str = Field(max_length=100)
    chatId: str = Field(max_length=LONGEST_ID)
    name: str | None = Field("", max_length=200)
    email: str | None = Field("", max_length=254)
    phone: str | None = Field("", max_length=60)


@router.get("/public-chatbotConfig/{flow_id}")
def get_config(request: HttpRequest, flow_id: str) -> dict[str, Any]:
    return config_of(enter(request, flow_id))


@router.put("/chatmessage/abort/{flow_id}/{chat_id}")
def abort(request: HttpRequest, flow_id: str, chat_id: str) -> dict[str, Any]:
    """Stops what is being answered in this chat."""
    for turn in enter(request, flow_id).turns(chat_id).exclude(run__status__in=ENDED):
        runs.cancel(turn.run)
    return {"status": 200, "message": "Chat message aborted"}


@router.post("/feedback/{subject}")
def give_feedback(request: HttpRequest, subject: str, body: NewFeedback) -> dict[str, Any]:
    """On a flow's reply, in place of what was thought of it before."""
    caller = enter(request, subject)
    turn = caller.turns(body.chatId).filter(pk=body.messageId).first()
    if turn is None:
        raise ApiError("not_found", f"There is no message {body.messageId} in this chat.", 404)
    must_take_opinions(caller)
    up = body.rating == UP
    rating = turns.rate(
        doors=caller.doors, turn=turn, up=up, reason="", comment=body.content or "", correction=""
    )
    return row(rating, turn, body.chatId)


@router.put("/feedback/{subject}")
def change_feedback(request: HttpRequest, subject: str, body: FeedbackChange) -> dict[str, Any]:
    """What the person adds in words to feedback that they gave, or thinks by now."""
    rating = rated_here(subject)
    turn = Turn.objects.filter(run=rating.run_id).first() if rating else None
    if rating is None or turn is None:
        raise ApiError("not_found", f"There is no feedback {subject[:100]}.", 404)
    must_take_opinions(enter(request, str(turn.flow_id)))
    up = None if body.rating is None else body.rating == UP
    return row(feedback.amend(rating, up=up, comment=body.content), turn, "")


@router.post("/leads")
@router.post("/leads/", include_in_schema=False)
def leave_lead(request: HttpRequest, body: NewLead) -> dict[str, Any]:
    caller = enter(request, body.chatflowid)
    count_opinion(caller.doors, caller.network_address)
    said = {name: (getattr(body, name) or "").strip() for name in ("name", "email", "phone")}
    return leads.row(leads.keep(caller, body.chatId, said))


def must_take_opinions(caller: Caller) -> None:
    if not caller.doors.feedback:
        raise ApiError("forbidden", "This chatbot takes no feedback.", 403)
    count_opinion(caller.doors, caller.network_address)


def row(rating: Rating, turn: Turn, chat: str) -> dict[str, Any]:
    return {
        "id": str(rating.pk),
        "chatflowid": str(turn.flow_id),
        "chatId": chat,
        "messageId": str(turn.pk),
        "rating": UP if rating.up else DOWN,
        "content": rating.comment,
        "createdDate": rating.created_at.isoformat(),
    }
