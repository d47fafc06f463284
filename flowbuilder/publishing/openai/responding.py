"""Responses are asked for, found again, and gone on from."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.publishing.openai.answer import Answer
from flowbuilder.publishing.openai.asking import Envelope, begin
from flowbuilder.publishing.openai.calling import Brought, schema_of_format
from flowbuilder.publishing.openai.finding import refusal
from flowbuilder.publishing.openai.items import listed, messages_of
from flowbuilder.publishing.openai.messages import Message
from flowbuilder.publishing.openai.models import StoredResponse
from flowbuilder.publishing.openai.response import Response, as_messages
from flowbuilder.runs.models import Status

if TYPE_CHECKING:
    from flowbuilder.publishing.openai.responses_api import ResponseRequest

PREFIX = "resp_"


def submit(asker: Asker, body: ResponseRequest, before: list[dict[str, Any]], envelope: Envelope) -> Response:
    messages = [*before, *messages_of(body.input)]
    told = [{"role": "system", "content": body.instructions}] if body.instructions else []
    brought = body.brings((body.text or {}).get("format"), "text.format", nested=False)
    with transaction.atomic():
        said = [Message.model_validate(message) for message in [*told, *messages]]
        answer = begin(asker, body, said, brought, envelope)
        asked = repeated(body, brought)
        if body.store is not False:
            known = {"flow_id": answer.run.flow_id, "workspace": asker.workspace, "messages": messages}
            more = {"items": listed(body.input), "asked": asked}
            StoredResponse.objects.get_or_create(run=answer.run, defaults={**known, **more})
    return Response(answer, asked)


def repeated(body: ResponseRequest, brought: Brought) -> dict[str, Any]:
    """What a response says of its request."""
    return {
        "model": body.model,
        "instructions": body.instructions,
        "metadata": body.metadata or {},
        "previous_response_id": body.previous_response_id,
        "background": bool(body.background),
        "store": body.store is not False,
        "parallel_tool_calls": brought.several,
        "tool_choice": body.tool_choice or "auto",
        "tools": [{"strict": None, **tool} for tool in body.tools or []],
        "text": body.text or {"format": {"type": "text"}},
        "temperature": None,
        "top_p": None,
        "truncation": "disabled",
    }


def find(asker: Asker, name: str) -> StoredResponse:
    gone = ApiError("not_found", f"There is no response '{name[:60]}', or it is not yours.", 404)
    try:
        run_id = uuid.UUID(name.removeprefix(PREFIX))
    except ValueError:
        raise gone from None
    rows = StoredResponse.objects.visible_to(asker).select_related("run")
    stored = rows.filter(run=run_id).first() if name.startswith(PREFIX) else None
    if stored is None:
        raise gone
    return stored


def of_stored(stored: StoredResponse) -> Response:
    """As it was asked for: also what its reply must satisfy."""
    schema = schema_of_format((stored.asked.get("text") or {}).get("format"), "text.format")
    return Response(Answer(stored.run, schema), stored.asked)


async def conversation_of(stored: StoredResponse) -> list[dict[str, Any]]:
    """All that was said up to and with its answer. ``ApiError`` 400 where it has none."""
    if stored.run.status != Status.FINISHED:
        raise refusal(
            "previous_response_id",
            f"'{stored.name}' is {stored.run.status}; only an answered response is gone on from.",
        )
    told = await of_stored(stored).whole()
    return [*stored.messages, *as_messages(told["output"])]
