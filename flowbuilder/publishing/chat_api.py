"""The public page and the widget over HTTP: for visitors, who sign in nowhere."""

import uuid
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import get_language
from ninja import Header, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import event_stream, while_allowed
from flowbuilder.feedback.models import Reason
from flowbuilder.publishing import turns
from flowbuilder.publishing.filling_in import fields_of_form
from flowbuilder.publishing.models import Doors, Turn
from flowbuilder.publishing.rate import count_opinion, count_question
from flowbuilder.publishing.telling import CLOSED, frame, frames, told
from flowbuilder.publishing.visitors import admitted
from flowbuilder.runs import services as runs
from flowbuilder.runs.api import number_of_event
from flowbuilder.translation.errors import said

router = Router(tags=["chat"], auth=None)
LONGEST_QUESTION = 8000
LARGEST_BODY = 64 * 1024
LARGEST_FORM = 2 * 1024 * 1024
PASS = Header("", alias="X-Visitor", max_length=1000)


class NewQuestion(Schema):
    question: str = Field("", max_length=LONGEST_QUESTION)
    inputs: dict[str, Any] = {}
    """Where the flow begins with a form: what it was filled in with, by the fields' names."""
    conversation: uuid.UUID
    """Drawn by the caller; what was asked in it before is the flow's `history`."""


class Opinion(Schema):
    up: bool = False
    reason: Reason | Literal[""] = ""
    comment: str = Field("", max_length=2000)
    correction: str = Field("", max_length=LONGEST_QUESTION)


@router.post("/chat/{slug:address}/questions", response={202: dict[str, Any]})
def ask(
    request: HttpRequest,
    address: str,
    body: NewQuestion,
    visitor_pass: str = PASS,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=100),
) -> Any:
    """Ask the live version; its answer comes by the events."""
    doors, visitor = admitted(address, visitor_pass)
    fields = fields_of_form(doors)
    must_be_small(request, LARGEST_FORM if fields else LARGEST_BODY)
    # A visitor gives what the form asks for, and nothing else that a run may be given.
    inputs = {name: value for name, value in body.inputs.items() if name in fields}
    if not body.question.strip() and not fields:
        raise ApiError("invalid", "The question is empty.", 422)
    count_question(doors, visitor, request.META.get("REMOTE_ADDR", ""))
    asked = {"question": body.question, "inputs": inputs, "conversation": body.conversation}
    turn = turns.ask(doors=doors, visitor=visitor, idempotency_key=idempotency_key, **asked)
    return Status(202, {"id": str(turn.run_id)})


@router.get("/chat/{slug:address}/questions/{uuid:turn_id}")
def get_question(
    request: HttpRequest, address: str, turn_id: uuid.UUID, visitor_pass: str = PASS
) -> dict[str, Any]:
    """A question of yours, with its answer once there is one."""
    doors, turn = find(address, visitor_pass, turn_id)
    return told(turn, doors.sources)


@router.get("/chat/{slug:address}/questions/{uuid:turn_id}/events")
async def question_events(
    request: HttpRequest, address: str, turn_id: uuid.UUID, visitor_pass: str = PASS
) -> StreamingHttpResponse:
    """The answer as it is written, as server-sent events; `Last-Event-ID` resumes after that number."""
    doors, turn = await sync_to_async(find)(address, visitor_pass, turn_id)
    after = number_of_event(request.headers.get("Last-Event-ID", "0"))
    still = partial(sync_to_async(still_open), address, visitor_pass)
    farewell = frame("closed", {"message": said(CLOSED)})
    stream = while_allowed(frames(turn, doors.sources, after, get_language()), still, farewell)
    return event_stream(stopped_when_closed(stream, farewell, turn))


@router.post("/chat/{slug:address}/questions/{uuid:turn_id}/cancellation", response={202: dict[str, Any]})
def cancel_question(request: HttpRequest, address: str, turn_id: uuid.UUID, visitor_pass: str = PASS) -> Any:
    """Stop the answer."""
    _, turn = find(address, visitor_pass, turn_id)
    runs.cancel(turn.run)
    return Status(202, {"id": str(turn_id)})


@router.put("/chat/{slug:address}/questions/{uuid:turn_id}/rating", response={204: None})
def rate_answer(
    request: HttpRequest, address: str, turn_id: uuid.UUID, body: Opinion, visitor_pass: str = PASS
) -> Any:
    """What you think of an answer, in place of what you thought before; a correction says how it should have been."""
    must_be_small(request)
    doors, turn = find(address, visitor_pass, turn_id)
    if not doors.feedback:
        raise ApiError("forbidden", "This page takes no feedback.", 403)
    count_opinion(doors, request.META.get("REMOTE_ADDR", ""))
    turns.rate(doors=doors, turn=turn, **body.dict())
    return Status(204, None)


def find(address: str, visitor_pass: str, turn_id: uuid.UUID) -> tuple[Doors, Turn]:
    doors, visitor = admitted(address, visitor_pass)
    turn = turns.turns_of(doors, visitor).filter(run=turn_id).first()
    if turn is None:
        raise ApiError("not_found", "You asked nothing like that here.", 404)
    return doors, turn


def still_open(address: str, visitor_pass: str) -> bool:
    try:
        admitted(address, visitor_pass)
    except ApiError:
        return False
    return True


async def stopped_when_closed(
    stream: AsyncGenerator[bytes], farewell: bytes, turn: Turn
) -> AsyncGenerator[bytes]:
    """Nobody may hear the rest, so it is not written. A visitor who only leaves may come back for it."""
    async for piece in stream:
        if piece is farewell:
            await sync_to_async(runs.cancel)(turn.run)
        yield piece


def must_be_small(request: HttpRequest, most: int = LARGEST_BODY) -> None:
    if len(request.body) > most:
        message = (
            f"A question may have {LONGEST_QUESTION} characters, and everything together {most // 1024} KB."
        )
        raise ApiError("too_large", message, 413)
