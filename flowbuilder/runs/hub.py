"""Following a run: first what is stored, then what streams, with no gap and nothing twice."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

from redis.exceptions import RedisError

from flowbuilder.runs.log import stream_key
from flowbuilder.runs.models import Run, RunEvent
from flowbuilder.wire import client

LAST = {"run.finished", "run.failed", "run.cancelled"}
BLOCK_MS = 1000


async def follow(run_id: uuid.UUID, after: int = 0) -> AsyncIterator[dict[str, Any]]:
    """Events numbered above ``after``, live, until the run has ended.

    When Redis was flushed or restarted in between, the database fills the gap.
    """
    while True:
        async for event in RunEvent.objects.filter(run_id=run_id, seq__gt=after).order_by("seq"):
            after = event.seq
            yield event.wire()
        run = await Run.objects.only("status").aget(pk=run_id)
        for event in await _streamed(run_id, after, block=None if run.ended else BLOCK_MS):
            after = event["seq"]
            yield event
            if event["type"] in LAST:
                return
        if run.ended and not await RunEvent.objects.filter(run_id=run_id, seq__gt=after).aexists():
            return


async def _streamed(run_id: uuid.UUID, after: int, block: int | None) -> list[dict[str, Any]]:
    try:
        answer = await client().xread({stream_key(run_id): f"{after}-0"}, block=block, count=500)
    except RedisError:
        return []
    return [json.loads(fields["e"]) for _, entries in (answer or []) for _, fields in entries]
