"""The model worker's threads: one caller each, from the runtime process to the caller's Redis Stream."""

from __future__ import annotations

import json
import logging
import threading
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from redis.exceptions import RedisError

from flowbuilder.modelhub.runtime.process import Runtime, RuntimeStopped
from flowbuilder.modelhub.runtime.request import Piece, Request
from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.wire import sync_client

log = logging.getLogger(__name__)
EXPIRES = 600
JOIN_SECONDS = 0.02
LOOK_SECONDS = 0.3


def stream_key(request_id: str) -> str:
    return f"fb:gen:{request_id}"


def wanted_key(request_id: str) -> str:
    """Set by the caller as long as it listens; gone means cancelled, or that the caller died."""
    return f"fb:gen:{request_id}:wanted"


def alive_key(request_id: str) -> str:
    """Set by the worker as long as it works on the request."""
    return f"fb:gen:{request_id}:alive"


class Desk:
    """All requests of this worker; one watcher thread looks after who still wants what."""

    def __init__(self) -> None:
        self.runtime = Runtime(settings.FLOWBUILDER_MODEL_MEMORY_MB)
        self.redis = sync_client()
        self.active: set[str] = set()
        threading.Thread(target=self._watch, daemon=True, name="wanted").start()

    def warm(self) -> None:
        """Load the starter model before anybody asks: the first answer should not wait for torch to start."""
        hello = [{"role": "user", "content": "Make a parcel record."}]
        try:
            for _ in self.runtime.generate(Request("warm", str(STARTER), "causal", hello, max_new_tokens=1)):
                pass
        except RuntimeStopped:
            log.warning("the model runtime ended while it was warming up")

    def serve(self, request: Request) -> None:
        if not self.redis.exists(wanted_key(request.id)):
            return
        self.redis.set(alive_key(request.id), "1", ex=5)
        self.active.add(request.id)
        try:
            self._forward(request)
        except RuntimeStopped:
            self._send(request.id, {"done": True, "stopped": True})
        finally:
            self.active.discard(request.id)

    def _forward(self, request: Request) -> None:
        text, sent = "", time.monotonic()
        for piece in self.runtime.generate(request):
            text += piece.text
            if piece.done or (text and time.monotonic() - sent > JOIN_SECONDS):
                self._send(request.id, _message(piece, text))
                text, sent = "", time.monotonic()

    def _send(self, request_id: str, message: dict[str, Any]) -> None:
        pipeline = self.redis.pipeline()
        pipeline.xadd(stream_key(request_id), {"p": json.dumps(message)})
        pipeline.expire(stream_key(request_id), EXPIRES)
        pipeline.execute()

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            ids = list(self.active)
            try:
                for request_id in ids:
                    self.redis.set(alive_key(request_id), "1", ex=5)
                wanted = self.redis.mget([wanted_key(request_id) for request_id in ids]) if ids else []
            except RedisError as error:
                log.warning("cannot see who still listens: %s", error)
                continue
            for request_id, value in zip(ids, wanted, strict=True):
                if value is None:
                    self.runtime.cancel(request_id)


def _message(piece: Piece, text: str) -> dict[str, Any]:
    if not piece.done:
        return {"text": text}
    done = {"done": True, "error": piece.error, "too_long": piece.too_long, "usage": piece.usage}
    return {"text": text, **done, "scores": piece.scores, "labels": piece.labels, "facts": piece.facts}


_making = threading.Lock()


def desk() -> Desk:
    """This worker's one desk; its first callers may come at once, and two desks would load every model twice."""
    with _making:
        return _desk()


@lru_cache(maxsize=1)
def _desk() -> Desk:
    return Desk()
