"""Each worker says every few seconds that it is there; ``/healthz`` reads it."""

import logging
import os
import socket
import threading
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
PERIOD = 3.0
EXPIRES = 10
stopping = threading.Event()


@worker_ready.connect
def start_beating(**_: Any) -> None:
    kind = os.environ.get("FLOWBUILDER_WORKER_KIND")
    if kind:
        threading.Thread(target=beat, args=(kind,), daemon=True, name="heartbeat").start()


@worker_shutting_down.connect
def stop_beating(**_: Any) -> None:
    stopping.set()


def beat(kind: str) -> None:
    from flowbuilder.wire import sync_client

    key = f"fb:worker:{kind}:{socket.gethostname()}:{os.getpid()}"
    redis = sync_client()
    while not stopping.is_set():
        try:
            redis.set(key, "1", ex=EXPIRES)
        except RedisError as error:
            log.warning("heartbeat not sent: %s", error)
        stopping.wait(PERIOD)
    redis.delete(key)
