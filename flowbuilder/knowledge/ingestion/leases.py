"""A worker's hold on a document: a lease that is renewed, and a fence that refuses whoever lost it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from flowbuilder.knowledge.models import Document, DocumentStatus

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=10)
PULSE = 2.5
MAX_ATTEMPTS = 3
READING, SPLITTING, EMBEDDING = "reading", "splitting", "embedding"
READ = Q(phase__in=[SPLITTING, EMBEDDING])


class Lost(Exception):
    """The document was deleted, cancelled, or given to another worker."""


class Held:
    def __init__(self, document: Document) -> None:
        self.document = document

    def write(self, **fields: Any) -> None:
        """Change its row and renew the lease; ``Lost`` where it is not held any more."""
        rows = Document.objects.filter(
            pk=self.document.pk, fence=self.document.fence, status=DocumentStatus.INDEXING
        )
        if not rows.update(**{"lease_until": timezone.now() + LEASE, **fields}):
            raise Lost(str(self.document.pk))

    def fail(self, reason: str) -> None:
        self.write(status=DocumentStatus.FAILED, error=reason)

    @contextmanager
    def pulse(self) -> Iterator[None]:
        """Renews the lease from a thread of its own while something long goes on."""
        ended = threading.Event()
        thread = threading.Thread(target=self._renew, args=[ended], daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _renew(self, ended: threading.Event) -> None:
        try:
            while not ended.wait(PULSE):
                try:
                    self.write()
                except DatabaseError as error:
                    log.warning("the lease of document %s is not renewed: %s", self.document.pk, error)
        except Lost:
            return
        finally:
            connection.close()


def free(stage: Q) -> Q:
    waits = Q(status=DocumentStatus.QUEUED) | Q(
        status=DocumentStatus.INDEXING, lease_until__lt=timezone.now()
    )
    return waits & stage


def take(stage: Q, **only: Any) -> Held | None:
    """The smallest document that waits for this stage (of those that ``only`` allows), leased; None where none does.

    So a note is found in seconds although somebody has just brought a hundred books.
    """
    with transaction.atomic():
        waiting = Document.objects.select_for_update(skip_locked=_skips_locked()).filter(free(stage), **only)
        document = waiting.defer("sketch").order_by("size", "created_at").first()
        if document is None:
            return None
        document.attempts += 1
        document.fence += 1
        document.status = DocumentStatus.INDEXING
        document.lease_until = timezone.now() + LEASE
        document.phase = document.phase or READING
        if document.attempts > MAX_ATTEMPTS:
            document.status = DocumentStatus.FAILED
            document.error = f"Its worker stopped {MAX_ATTEMPTS} times while {document.phase} it."
        document.save(update_fields=["status", "error", "lease_until", "attempts", "fence", "phase"])
    return Held(document) if document.status == DocumentStatus.INDEXING else take(stage, **only)


def _skips_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked
