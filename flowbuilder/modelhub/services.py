"""Models for nodes: found by reference, asked through the model worker, streamed back."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any

from asgiref.sync import sync_to_async
from redis.exceptions import RedisError

from flowbuilder.celery import app
from flowbuilder.modelhub.generation import alive_key, stream_key, wanted_key
from flowbuilder.modelhub.models import Kind, ModelVersion
from flowbuilder.modelhub.registry import named_by_alias, resolve
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.wire import client
from nodes.base import NodeError, PromptTooLong, Retryable, Sampling

GENERATES = (Kind.CAUSAL, Kind.SEQ2SEQ)
GENERATE = "flowbuilder.modelhub.tasks.generate"
WANTED_SECONDS = 15
SILENCE_SECONDS = 4.0
NO_WORKER_SECONDS = 60.0
"""A worker that starts again on a busy machine needs a while; the request waits for it in the queue."""
STOPPED = "The model worker stopped while it was answering."


@dataclass(frozen=True)
class Live:
    """A run of what is published: the only traffic that A/B tests divide."""

    run_id: uuid.UUID
    session: str


route: Callable[[uuid.UUID, Live, str, str], ModelVersion | None] | None = None
"""(workspace, run, model, alias) -> the version that this run is given. Set by the A/B tests, which stand above."""


@dataclass(frozen=True)
class NodeModels:
    """``nodes.base.Models`` for one node of one run."""

    workspace_id: uuid.UUID
    report: Callable[[str, dict[str, Any]], None]
    live: Live | None = None

    async def generate(
        self,
        model: str,
        prompt: str | Sequence[dict[str, str]],
        *,
        system: str = "",
        sampling: Sampling = Sampling(),
        schema: dict[str, Any] | None = None,
    ) -> AsyncIterator[str]:
        found = await sync_to_async(self._version)(model)
        self.report("model", {"model": found.ref})
        messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else list(prompt)
        if system:
            messages = [{"role": "system", "content": system}, *messages]
        request = Request(
            id=uuid.uuid4().hex,
            path=str(found.folder),
            kind=found.kind,
            messages=messages,
            schema=schema,
            **asdict(sampling),
        )
        async with aclosing(messages_of(request, found)) as answered:
            async for message in answered:
                if message.get("text"):
                    yield message["text"]
                if message.get("usage"):
                    self.report("usage", message["usage"])

    async def reward(self, model: str, prompt: str, answers: Sequence[str]) -> list[float]:
        found = await sync_to_async(resolve)(self.workspace_id, model, kinds=(Kind.REWARD,))
        request = Request(
            id=uuid.uuid4().hex,
            path=str(found.folder),
            kind=found.kind,
            messages=[{"role": "user", "content": prompt}],
            answers=tuple(answers),
        )
        scores: list[float] = []
        async for message in messages_of(request, found):
            scores = message.get("scores", [])
        return scores

    async def classify(self, model: str, text: str) -> dict[str, float]:
        found = await sync_to_async(resolve)(self.workspace_id, model, kinds=(Kind.CLASSIFIER,))
        self.report("model", {"model": found.ref})
        request = Request(
            id=uuid.uuid4().hex, path=str(found.folder), kind=found.kind, messages=[], answers=(text,)
        )
        chances: dict[str, float] = {}
        async for message in messages_of(request, found):
            if message.get("usage"):
                self.report("usage", message["usage"])
            chances = dict(zip(message.get("labels", []), message.get("scores", []), strict=True))
        return chances

    def _version(self, ref: str) -> ModelVersion:
        """What the setting means; in live traffic an A/B test may have divided what an alias means."""
        named = named_by_alias(ref)
        if self.live and route and named and (version := route(self.workspace_id, self.live, *named)):
            return version
        return resolve(self.workspace_id, ref, kinds=GENERATES)


async def messages_of(request: Request, model: ModelVersion) -> AsyncGenerator[dict[str, Any]]:
    """The request's stream, with its failures raised."""
    try:
        async with aclosing(_ask(request)) as stream:
            async for message in stream:
                if message.get("stopped"):
                    raise Retryable(STOPPED)
                yield message
                if message.get("error"):
                    refused = PromptTooLong if message.get("too_long") else NodeError
                    raise refused(f"Model '{model.ref}': {message['error']}")
    except RedisError as error:
        raise Retryable("The line to the model worker is down.") from error


async def _ask(request: Request) -> AsyncGenerator[dict[str, Any]]:
    """Hand the request to the model worker and read its stream until the last message."""
    redis = client()
    await redis.set(wanted_key(request.id), "1", ex=WANTED_SECONDS)
    await sync_to_async(app.send_task)(GENERATE, [asdict(request)], queue="gpu")
    last, heard = "0", time.monotonic()
    try:
        while True:
            answer = await redis.xread({stream_key(request.id): last}, block=1000, count=200)
            await redis.set(wanted_key(request.id), "1", ex=WANTED_SECONDS)
            for _, entries in answer or []:
                for entry, fields in entries:
                    last = entry
                    message = json.loads(fields["p"])
                    yield message
                    if message.get("done"):
                        return
                heard = time.monotonic()
            silence = time.monotonic() - heard
            if not answer and silence > SILENCE_SECONDS and await _abandoned(request.id, silence):
                raise Retryable(STOPPED)
    finally:
        await redis.delete(wanted_key(request.id))


async def _abandoned(request_id: str, silence: float) -> bool:
    """Nobody works on it, and nobody will: its worker died, or none has come to take it up."""
    redis = client()
    if await redis.exists(alive_key(request_id)):
        return False
    if not await redis.llen("gpu"):
        return True  # it was taken, and whoever took it is gone
    async for _ in redis.scan_iter(match="fb:worker:gpu:*"):
        return False  # it waits its turn
    return silence > NO_WORKER_SECONDS
