"""Documents into passages, and questions into hits. Runs in the model worker, which holds the embedder."""

from __future__ import annotations

import json
import logging
import uuid
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from flowbuilder.knowledge.changes import note, note_document
from flowbuilder.knowledge.loaders.confined import LoadFailed, read_text
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
from flowbuilder.knowledge.search import UNKNOWN_LIMIT, bm25, fuse
from flowbuilder.knowledge.splitting import split
from flowbuilder.knowledge.storage import read_file, write_text
from flowbuilder.knowledge.words import words
from flowbuilder.wire import sync_client

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


def answer_question(request_id: str, base_id: str, question: str, limit: int) -> None:
    """Search and leave the answer where the asker listens."""
    redis = sync_client()
    key = f"fb:knowledge:{request_id}"
    pipeline = redis.pipeline()
    pipeline.rpush(key, json.dumps(find(uuid.UUID(base_id), question, limit)))
    pipeline.expire(key, ANSWER_SECONDS)
    pipeline.execute()


def find(base_id: uuid.UUID, question: str, limit: int, *, dense: bool = True) -> list[dict[str, Any]]:
    """Passages of a base that match best, each as the fields of ``nodes.types.Passage`` and its parts."""
    base = KnowledgeBase.objects.get(pk=base_id)
    rows = list(
        Passage.objects.filter(document__base=base, document__status=DocumentStatus.READY).select_related(
            "document"
        )
    )
    if not rows:
        return []
    keyword = bm25(words(question), [row.words for row in rows])
    hits = fuse(_dense(question, rows) if dense else None, keyword, limit)
    return [
        {
            "text": rows[hit.index].text,
            "source": rows[hit.index].document.name,
            "score": hit.score,
            "passage_id": str(rows[hit.index].pk),
            "document_id": str(rows[hit.index].document_id),
            "heading": rows[hit.index].heading,
            "parts": {"dense": hit.dense, "keyword": hit.keyword},
        }
        for hit in hits
    ]


def _dense(question: str, rows: list[Passage]) -> np.ndarray | None:
    """Cosine of each passage, None where the embedder knows too little of the question to be trusted."""
    from flowbuilder.knowledge.embedding import embed, unknown_share

    if unknown_share(question) > UNKNOWN_LIMIT:
        return None
    matrix = np.frombuffer(b"".join(bytes(row.vector) for row in rows), dtype=np.float16).reshape(
        len(rows), -1
    )
    return matrix.astype(np.float32) @ embed([question])[0].astype(np.float32)
