"""Conversations over HTTP: listed, read, exported, deleted."""

import uuid
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.api import find as find_flow
from flowbuilder.flows.api import must_edit
from flowbuilder.publishing.conversations import services
from flowbuilder.publishing.conversations.reading import Wanted, lines, row, turn_row, turns_of
from flowbuilder.publishing.logs.views import as_file
from flowbuilder.runs.api import find as find_run
from flowbuilder.secrets.scrubbing import Scrubber

router = Router(tags=["conversations"])
NAME = Query("", max_length=200)


class ConversationFilter(Schema):
    flow: uuid.UUID | None = None
    door: str = Field("", max_length=10)
    rated: Literal["", "rated", "up", "down", "unrated"] = ""
    since: date | None = None
    until: date | None = None

    def wanted(self) -> Wanted:
        return Wanted(**self.dict())


class Sending(Schema):
    to: Literal["review", "tests", "correction"]
    answer: str = Field("", max_length=20_000)
    """Of a correction: what should have been said."""


@router.get("/conversations")
def list_conversations(
    request: HttpRequest,
    filters: Query[ConversationFilter],
    limit: int = Query(50, ge=1, le=500),
    offset: int = Query(0, ge=0, le=10_000_000),
) -> list[dict[str, Any]]:
    """Of every door from outside, the latest first; a run without a session is one by itself."""
    return [row(found) for found in filters.wanted().found(request.asker)[offset : offset + limit]]


@router.get("/conversations/export")
def export_conversations(request: HttpRequest, filters: Query[ConversationFilter]) -> StreamingHttpResponse:
    """One a line of JSON, with its turns and their ratings."""
    return as_file(lines(request.asker, filters.wanted()), "conversations.jsonl")


@router.get("/flows/{uuid:flow_id}/conversation")
def get_conversation(
    request: HttpRequest, flow_id: uuid.UUID, conversation: str = NAME
) -> list[dict[str, Any]]:
    """Its turns, each with its ratings."""
    flow = find_flow(request, flow_id)
    turns = [turn_row(run) for run in turns_of(request.asker, flow, conversation)]
    if not turns:
        raise ApiError("not_found", "There is no such conversation, or it is not yours.", 404)
    cleaned: list[dict[str, Any]] = Scrubber.of(request.asker).clean(turns)
    return cleaned


@router.delete("/flows/{uuid:flow_id}/conversation", response={204: None})
def delete_conversation(request: HttpRequest, flow_id: uuid.UUID, conversation: str = NAME) -> Any:
    """With what was said of it and what the flow remembers of its sessions."""
    flow = find_flow(request, flow_id)
    must_edit(request)
    services.delete(asker=request.asker, flow=flow, conversation=conversation)
    return Status(204, None)


@router.post("/runs/{uuid:run_id}/sending", response={204: None})
def send_turn(request: HttpRequest, run_id: uuid.UUID, body: Sending) -> Any:
    """Put a turn first in the review queue, make it a test case of its flow, or correct its answer."""
    run = find_run(request, run_id)
    must_edit(request)
    if body.to == "review":
        services.send_to_review(asker=request.asker, run=run)
    elif body.to == "tests":
        services.send_to_tests(asker=request.asker, run=run)
    else:
        services.send_correction(asker=request.asker, run=run, answer=body.answer)
    return Status(204, None)
