"""A worker's hold on a transfer: its lease, how far it is, and whether somebody wants it to stop."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import F
from django.utils import timezone
from redis.exceptions import RedisError
from tqdm import tqdm

from flowbuilder.modelhub.models import Transfer
from flowbuilder.wire import sync_client

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
"""Longer than the hub's client waits and tries again before it gives up."""
LONG_LEASE = timedelta(minutes=30)
"""For what tells nothing on its way: to hash and to check gigabytes."""
TELL_SECONDS = 1.0
BEAT_SECONDS, BEAT_EXPIRES = 3.0, 10
MAX_ATTEMPTS = 3

Row = TypeVar("Row", bound=Transfer)


class Cancelled(Exception):
    """Somebody asked for it."""


class TakenOver(Exception):
    """Another worker holds it now; this one leaves it alone."""


def take(rows: Any, pk: uuid.UUID, give_up: Callable[[Any, int], None]) -> Any:
    """The row when nobody works on it; one that ended its workers is given up."""
    now = timezone.now()
    free = rows.filter(pk=pk, lease_until__lte=now)
    row = free.first()
    if row is None:
        return None
    if row.attempts >= MAX_ATTEMPTS:
        give_up(free, row.attempts)
        return None
    if not free.filter(attempts=row.attempts).update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    row.attempts += 1
    return row


@contextmanager
def beating(row: Transfer) -> Iterator[None]:
    """Says every few seconds that somebody works on it, also while nothing moves."""
    redis, key, stop = sync_client(), f"fb:transfer:{row.pk}", threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT_SECONDS):
            try:
                redis.set(key, "1", ex=BEAT_EXPIRES)
            except RedisError as error:
                log.warning("no heartbeat sent for transfer %s: %s", row.pk, error)

    redis.set(key, "1", ex=BEAT_EXPIRES)
    thread = threading.Thread(target=beat, daemon=True, name="transfer-heartbeat")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        redis.delete(key)


def release_abandoned(held: Any) -> None:
    """End the leases of those whose worker is not heard any more: it was killed."""
    redis, now = sync_client(), timezone.now()
    for row in held.filter(lease_until__gt=now, attempts__gt=0)[:100]:
        if not redis.exists(f"fb:transfer:{row.pk}"):
            # Long enough ago that the sweep which found it wakes the next one.
            held.filter(pk=row.pk, attempts=row.attempts).update(lease_until=now - LEASE)


class Progress:
    """Written every second at most; each writing renews the lease and looks whether it is to stop."""

    def __init__(self, row: Transfer, files: dict[str, int]) -> None:
        self._row = row
        self._sizes = files
        self._done = dict.fromkeys(files, 0)
        self._told = 0.0
        self.tell()

    def at(self, name: str, done: int) -> None:
        """``Cancelled`` or ``TakenOver`` stop whatever reports."""
        self._done[name] = done
        if time.monotonic() - self._told > TELL_SECONDS:
            self.tell()

    def finished(self, name: str) -> None:
        self.at(name, self._sizes[name])

    def tell(self, lease: timedelta = LEASE) -> None:
        self._told = time.monotonic()
        files = [{"name": name, "done": self._done[name], "size": size} for name, size in self._sizes.items()]
        hold(self._row, lease, progress=files)

    def bar(self, name: str) -> type[tqdm]:
        """What the hub's client takes for a progress bar."""
        progress = self

        class Bar(tqdm):  # type: ignore[type-arg]
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **{**options, "disable": True})
                self.done = options.get("initial", 0)
                progress.at(name, self.done)

            def update(self, n: float | None = 1) -> None:
                self.done += n or 0
                progress.at(name, self.done)

        return Bar


def hold(row: Transfer, lease: timedelta, **fields: Any) -> None:
    """Keep the row, with what is to be written; ``TakenOver`` and ``Cancelled`` say that it is not to go on."""
    held = type(row)._default_manager.filter(pk=row.pk, attempts=row.attempts)
    if not held.update(lease_until=timezone.now() + lease, **fields):
        raise TakenOver
    if held.filter(cancel_requested=True).exists():
        raise Cancelled
