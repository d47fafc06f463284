"""What the model worker does when it is woken: threads that read, embed, and bring the indexes up to date, until nothing waits.

They are apart so that a document is read, and can be looked at, while a long one is embedded. All have a low priority:
the worker answers questions meanwhile.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress

from django.db import DatabaseError, close_old_connections, connection

from flowbuilder.knowledge.index.upkeep import take_in_changes
from flowbuilder.knowledge.ingestion.embedding import embed_document
from flowbuilder.knowledge.ingestion.leases import READ, Held, Lost, take
from flowbuilder.knowledge.ingestion.missing import embed_missing
from flowbuilder.knowledge.ingestion.reading import read
from flowbuilder.knowledge.reembedding import reembed_next

log = logging.getLogger(__name__)
NICENESS = 10


class Line:
    """A thread that takes one thing after another, and ends when there is nothing; woken meanwhile, it looks again."""

    def __init__(self, name: str, step: Callable[[], bool]) -> None:
        self.name, self.step = name, step
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False

    def wake(self) -> None:
        with self._lock:
            self._again = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether it has come to its end by then."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        # On Linux each thread has a priority of its own, which a child process takes over.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        try:
            while self._goes_on():
                close_old_connections()
                try:
                    while self.step():
                        pass
                except DatabaseError as error:
                    # The sweep wakes it again in some seconds.
                    log.warning("%s stopped: %s", self.name, error)
        finally:
            connection.close()

    def _goes_on(self) -> bool:
        with self._lock:
            again, self._again = self._again, False
            if not again:
                self._thread = None
            return again


def read_next() -> bool:
    done = work_on(take(~READ), read)
    if done:
        embedder.wake()
    return done


def embed_next() -> bool:
    done = embed_missing() or work_on(take(READ), embed_document) or reembed_next()
    if done:
        indexer.wake()
    return done


def index_changed() -> bool:
    take_in_changes()
    return False


def work_on(held: Held | None, stage: Callable[[Held], None], *, pulse: bool = True) -> bool:
    """Whether there was anything to do."""
    if held is None:
        return False
    try:
        with held.pulse() if pulse else nullcontext():
            stage(held)
    except Lost:
        log.info("document %s was taken away", held.document.pk)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("document %s failed", held.document.pk)
        with suppress(Lost):
            held.fail(
                f"Something unexpected stopped its {held.document.phase}: {type(error).__name__}. Retry it."
            )
    return True


reader = Line("knowledge-reader", read_next)
embedder = Line("knowledge-embedder", embed_next)
indexer = Line("knowledge-indexer", index_changed)


def wake() -> None:
    """Does not wait for the work: the rows are its queue, and a task has no part in it."""
    reader.wake()
    embedder.wake()


def ingest(document_id: str) -> None:
    """One document from its bytes to its passages, here and now: for programs and tests without a worker."""
    for stage, work in ((~READ, read), (READ, embed_document)):
        work_on(take(stage, pk=document_id), work, pulse=False)
