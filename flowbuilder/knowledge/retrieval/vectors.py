"""``nodes.services.embedding.Embedding``: texts as vectors, asked of the model worker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from asgiref.sync import sync_to_async
from redis.exceptions import RedisError

from flowbuilder.celery import app
from flowbuilder.wire import client, sync_client
from nodes.base import NodeError, Retryable

EMBED = "flowbuilder.knowledge.tasks.embed_texts"
PATIENCE = 60.0
"""Seconds: a model worker that has just started loads the embedder first."""
ANSWER_SECONDS = 60
MOST_TEXTS = 512
LONGEST = 4000
"""Characters of each text that count; the embedder reads fewer."""


class NodeEmbedding:
    """Belongs to no workspace: it sees nothing but the texts that it is given."""

    async def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        if len(texts) > MOST_TEXTS:
            raise NodeError(f"{MOST_TEXTS} texts can be compared at once; these are {len(texts)}.")
        request_id, short = uuid.uuid4().hex, [text[:LONGEST] for text in texts]
        try:
            await sync_to_async(app.send_task)(
                EMBED, [request_id, short], queue="gpu", retry=False, expires=PATIENCE
            )
            answer = await client().blpop([key_of(request_id)], timeout=PATIENCE)
        except (RedisError, OSError) as error:
            raise Retryable("The model worker cannot be reached, so no text can be embedded.") from error
        if answer is None:
            raise Retryable(f"No model worker has embedded the texts within {PATIENCE:.0f} seconds.")
        return [list(map(float, vector)) for vector in json.loads(answer[1])]


def answer(request_id: str, texts: list[str]) -> None:
    """The worker's part: embed, and leave the vectors where the asker listens."""
    from flowbuilder.knowledge.embedding import embed

    found = [[round(float(part), 5) for part in vector] for vector in embed(texts)]
    pipeline = sync_client().pipeline()
    pipeline.rpush(key_of(request_id), json.dumps(found))
    pipeline.expire(key_of(request_id), ANSWER_SECONDS)
    pipeline.execute()


def key_of(request_id: str) -> str:
    return f"fb:vectors:{request_id}"
