"""Texts as vectors of any embedder for somebody who waits: asked of the model worker, counted in its tokens."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from redis.exceptions import RedisError

from flowbuilder.celery import app
from flowbuilder.wire import client, sync_client
from nodes.base import NodeError, Retryable

EMBED = "flowbuilder.knowledge.tasks.embed_for_caller"
PATIENCE = 60.0
"""Seconds: a model worker that has just started loads the embedder first."""
ANSWER_SECONDS = 60
MOST_TEXTS = 512


@dataclass(frozen=True)
class Embedded:
    vectors: list[list[float]]
    tokens: int


class TooLong(NodeError):
    """A text has more tokens than the embedder reads."""

    def __init__(self, index: int, tokens: int, most: int) -> None:
        super().__init__(f"Text {index} has {tokens} tokens, and the embedder reads {most}: divide it.")
        self.index = index


async def embedded(texts: Sequence[str], embedder: str) -> Embedded:
    """``Retryable`` when no model worker answers in time; ``NodeError`` where the embedder cannot be used."""
    request_id = uuid.uuid4().hex
    try:
        sent = [request_id, list(texts), embedder]
        await sync_to_async(app.send_task)(EMBED, sent, queue="gpu", retry=False, expires=PATIENCE)
        answer = await client().blpop([key_of(request_id)], timeout=PATIENCE)
    except (RedisError, OSError) as error:
        raise Retryable("The model worker cannot be reached, so no text can be embedded.") from error
    if answer is None:
        raise Retryable(f"No model worker has embedded the texts within {PATIENCE:.0f} seconds.")
    found = json.loads(answer[1])
    if "too_long" in found:
        raise TooLong(*found["too_long"])
    if "problem" in found:
        raise NodeError(f"The embedder cannot be used: {found['problem']}")
    return Embedded(**found)


def answer(request_id: str, texts: list[str], embedder: str) -> None:
    """The worker's part: embed, and leave the vectors where the asker listens."""
    pipeline = sync_client().pipeline()
    pipeline.rpush(key_of(request_id), json.dumps(_embedded(texts, embedder)))
    pipeline.expire(key_of(request_id), ANSWER_SECONDS)
    pipeline.execute()


def _embedded(texts: list[str], embedder: str) -> dict[str, object]:
    from flowbuilder.knowledge.embedding import embed, token_counts
    from flowbuilder.knowledge.model_folders import Unusable

    try:
        counts, most = token_counts(texts, embedder)
        if (over := next((i for i, count in enumerate(counts) if count > most), None)) is not None:
            return {"too_long": [over, counts[over], most]}
        vectors = [[float(part) for part in vector] for vector in embed(texts, embedder)]
    except Unusable as error:
        return {"problem": str(error)}
    return {"vectors": vectors, "tokens": sum(counts)}


def key_of(request_id: str) -> str:
    return f"fb:embedded:{request_id}"
