"""What is done with knowledge: bases made, documents added and removed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Workspace
from flowbuilder.celery import app
from flowbuilder.knowledge.changes import note_document
from flowbuilder.knowledge.formats import format_of
from flowbuilder.knowledge.index import drop_index
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage, Reembedding
from flowbuilder.knowledge.storage import remove_file, write_file

log = logging.getLogger(__name__)
INGEST = "flowbuilder.knowledge.tasks.ingest"


def create_base(*, asker: Asker, name: str) -> KnowledgeBase:
    try:
        with transaction.atomic():
            return KnowledgeBase.objects.create(workspace=asker.workspace, name=name)
    except IntegrityError as error:
        raise ApiError("conflict", f"There already is a knowledge base called '{name}'.", 409) from error


def add_document(*, base: KnowledgeBase, name: str, data: bytes, hold: bool = False) -> Document:
    """Keep the file and queue its indexing. The same bytes twice are the same document; with ``hold`` it is only read."""
    shown = name.replace("\\", "/").rsplit("/", 1)[-1][:255] or "document"
    format = format_of(shown, data)
    digest = hashlib.sha256(data).hexdigest()
    known = base.documents.filter(sha256=digest).first()
    if known is not None:
        return known
    document = Document(
        workspace=base.workspace,
        base=base,
        name=shown,
        format=format,
        size=len(data),
        sha256=digest,
        hold=hold,
    )
    write_file(document, data)
    document.save(force_insert=True)
    transaction.on_commit(wake_worker)
    return document


def wake_worker() -> None:
    try:
        app.send_task(INGEST, queue="gpu", retry=False)
    except Exception as error:
        # The rows are kept, and the sweep wakes a worker once Redis is there again.
        log.warning("no worker could be woken: %s", error)


def retry_document(document: Document) -> None:
    """Again from the bytes that were kept; an address is fetched again."""
    rows = Document.objects.filter(pk=document.pk)
    rows.update(status=DocumentStatus.QUEUED, phase="", error="", attempts=0, done=0, planned=0)
    transaction.on_commit(wake_worker)


def switch(documents: Sequence[Document], *, enabled: bool) -> None:
    """Switched off, nothing of a document is found, and everything of it is kept."""
    with transaction.atomic():
        Document.objects.filter(pk__in=[document.pk for document in documents]).update(enabled=enabled)
        for document in documents:
            note_document(document)


def delete_document(document: Document, *, asker: Asker) -> None:
    with transaction.atomic():
        details = {"base": document.base.name}
        record(asker=asker, action="document.deleted", subject=document.name, details=details)
        note_document(document)
        # Not document.delete(): that takes the key away, and with it the name of the file.
        Document.objects.filter(pk=document.pk).delete()
        # Its row may come back until then, and what it says with it.
        transaction.on_commit(partial(remove_file, document))


def delete_base(base: KnowledgeBase, *, asker: Asker | None = None) -> None:
    """``asker`` is None where it goes with its workspace."""
    documents, base_id = list(base.documents.all()), base.pk
    with transaction.atomic():
        if asker is not None:
            details = {"documents": len(documents)}
            record(asker=asker, action="knowledge.deleted", subject=base.name, details=details)
        base.delete()
        transaction.on_commit(partial(drop_index, base_id))
        for document in documents:
            transaction.on_commit(partial(remove_file, document))


def sweep() -> None:
    """Wake a worker for what none holds."""
    now = timezone.now()
    lost = Document.objects.filter(status=DocumentStatus.INDEXING, lease_until__lt=now)
    queued = Document.objects.filter(status=DocumentStatus.QUEUED)
    changing = Reembedding.objects.filter(error="")
    if (
        lost.exists()
        or queued.exists()
        or changing.exists()
        or Passage.objects.filter(searched=True, vector=None).exists()
    ):
        wake_worker()


def erase(workspace: Workspace) -> None:
    """Its bases with their files and indexes, before the workspace goes."""
    for base in KnowledgeBase.objects.filter(workspace=workspace):
        delete_base(base)
