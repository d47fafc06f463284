"""Asks the model worker to search, and waits no longer than it may."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from asgiref.sync import sync_to_async
from redis.exceptions import RedisError

from flowbuilder.celery import app
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.wire import client, sync_client
from nodes.knowledge.looking import Looking

log = logging.getLogger(__name__)
SEARCH = "flowbuilder.knowledge.tasks.search_passages"
PATIENCE = 10.0
"""Seconds to wait for the model worker before words alone decide."""
ANSWER_SECONDS = 60
LONGEST = 4000
"""Characters of a question that are looked for; what comes behind them changes nothing."""


async def ask(bases: Sequence[KnowledgeBase], question: str, looking: Looking) -> dict[str, Any]:
    """What ``search.look`` finds in these bases; by words alone when no model worker answers in time."""
    base_ids, question = [base.pk for base in bases], question[:LONGEST]
    request_id = uuid.uuid4().hex
    try:
        settings = looking.model_dump(mode="json")
        arguments = [request_id, [str(base_id) for base_id in base_ids], question, settings]
        await sync_to_async(app.send_task)(SEARCH, arguments, queue="gpu", retry=False, expires=PATIENCE)
        answer = await client().blpop([key_of(request_id)], timeout=PATIENCE)
    except (RedisError, OSError) as error:
        log.warning("search goes by words alone: %s", error)
        answer = None
    if answer is not None:
        return dict(json.loads(answer[1]))
    from flowbuilder.knowledge.retrieval.search import look

    return await sync_to_async(look)(base_ids, question, looking, dense=False)


def answer(request_id: str, base_ids: Sequence[str], question: str, settings: dict[str, Any]) -> None:
    """The worker's part: search, and leave what was found where the asker listens."""
    from flowbuilder.knowledge.retrieval.search import look

    looking = Looking.model_validate(settings)
    found = look([uuid.UUID(base_id) for base_id in base_ids], question, looking, dense=True)
    pipeline = sync_client().pipeline()
    pipeline.rpush(key_of(request_id), json.dumps(found))
    pipeline.expire(key_of(request_id), ANSWER_SECONDS)
    pipeline.execute()


def key_of(request_id: str) -> str:
    return f"fb:knowledge:{request_id}"
