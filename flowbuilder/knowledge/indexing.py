"""Documents into passages, and questions into hits. Runs in the model worker, which holds the embedder."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from flowbuilder.knowledge.changes import note, note_document
from flowbuilder.knowledge.loaders.confined import LoadFailed, read_text
from flowbuilder.knowledge.models import Document, DocumentStatus, Passage
from flowbuilder.knowledge.splitting import split
from flowbuilder.knowledge.storage import read_file, write_text
from flowbuilder.knowledge.words import words

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
ANSWER_SECONDS = 60
HEADING_WEIGHT = 2


def index_document(document_id: str) -> None:
    """Read, split, embed and store, all or nothing. A document that another worker holds is left alone."""
    from flowbuilder.knowledge.embedding import embed

    document = take_lease(uuid.UUID(document_id))
    if document is None:
        return
    try:
        text = read_text(read_file(document), document.format)
        pieces = split(text)
    except (LoadFailed, OSError) as error:
        reason = (
            str(error) if isinstance(error, LoadFailed) else "Its bytes are not in the file store any more."
        )
        Document.objects.filter(pk=document.pk).update(status=DocumentStatus.FAILED, error=reason)
        return
    vectors = embed([f"{piece.heading.split(' › ')[-1]}\n{piece.text}" for piece in pieces])
    rows = [
        Passage(
            base_id=document.base_id,
            document=document,
            ordinal=ordinal,
            heading=piece.heading[:300],
            text=piece.text,
            # What a section is called says more of it than any one sentence in it.
            words=words(piece.heading.split(" › ")[-1]) * HEADING_WEIGHT + words(piece.text),
            vector=vector.tobytes(),
        )
        for ordinal, (piece, vector) in enumerate(zip(pieces, vectors, strict=True))
    ]
    with transaction.atomic():
        # Deleted while it was read: then there is nothing to store it under.
        if Document.objects.filter(pk=document.pk).update(status=DocumentStatus.READY, error=""):
            note_document(document)
            document.passages.all().delete()
            note(document.base_id, [row.pk for row in Passage.objects.bulk_create(rows, batch_size=200)])
            write_text(document, text)


def take_lease(document_id: uuid.UUID) -> Document | None:
    now = timezone.now()
    free = Q(status=DocumentStatus.QUEUED) | Q(status=DocumentStatus.INDEXING, lease_until__lt=now)
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(free, pk=document_id).first()
        if document is None:
            return None
        if document.attempts >= MAX_ATTEMPTS:
            document.status = DocumentStatus.FAILED
            document.error = f"Its worker stopped {MAX_ATTEMPTS} times while indexing it."
            document.save(update_fields=["status", "error"])
            return None
        document.status, document.lease_until = DocumentStatus.INDEXING, now + LEASE
        document.attempts += 1
        document.save(update_fields=["status", "lease_until", "attempts"])
    return document
