"""Webhooks over HTTP: called by other programs, with the address alone."""

import asyncio
import logging
import uuid
from contextlib import aclosing
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Header, Router, Status

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing.triggers import calls
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run

log = logging.getLogger(__name__)
router = Router(tags=["triggers"], auth=None)
FAILED = "The flow failed; whoever owns it sees why in its trace."


@router.post("/hooks/{uuid:hook_id}/{token}", response={200: dict[str, Any], 202: dict[str, Any]})
async def call_hook(
    request: HttpRequest,
    hook_id: uuid.UUID,
    token: str,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=100),
) -> Any:
    """Start a run of the live version with a JSON body: 202, or 200 with the reply where the node waits for it."""
    hook, node = await sync_to_async(calls.admitted)(hook_id, token)
    run = await sync_to_async(calls.start)(hook, node, request, idempotency_key)
    if node.answers == "with the reply":
        reply = await reply_of(run, node.patience)
        if reply is not None:
            return Status(200, {"id": str(run.pk), "status": "finished", "reply": reply})
    return Status(202, {"id": str(run.pk), "status": "accepted"})


async def reply_of(run: Run, patience: float) -> str | None:
    """None where it is not there in time; the run may wait meanwhile, and goes on without its caller."""
    try:
        async with asyncio.timeout(patience), aclosing(follow(run.pk)) as events:
            async for event in events:
                if event["type"] == "run.finished":
                    return str(event["data"]["reply"])
                if event["type"] in {"run.failed", "run.cancelled"}:
                    raise ApiError("run_failed", FAILED, 502)
    except TimeoutError:
        log.info("run %s goes on without its caller", run.pk)
    return None
