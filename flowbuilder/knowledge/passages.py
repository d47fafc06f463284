"""What people do to single passages: write, change, switch off, delete. Only what they touched is embedded again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Max

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.ingestion.embedding import known_vectors
from flowbuilder.knowledge.ingestion.pieces import LONGEST_HEADING
from flowbuilder.knowledge.models import Document, Passage
from flowbuilder.knowledge.searched import digest_of, words_of
from flowbuilder.knowledge.services import wake_worker

LONGEST = 20_000


def add(
    document: Document, *, text: str, heading: str = "", question: str = "", after: Passage | None = None
) -> Passage:
    """A passage that stands nowhere in the document's text: behind ``after``, or last."""
    with transaction.atomic():
        Document.objects.select_for_update().get(pk=document.pk)
        if after is None:
            last = document.passages.aggregate(last=Max("ordinal"))["last"]
            ordinal = 0 if last is None else last + 1
        else:
            ordinal = after.ordinal + 1
            document.passages.filter(ordinal__gte=ordinal).update(ordinal=F("ordinal") + 1)
        passage = Passage(base_id=document.base_id, document=document, ordinal=ordinal)
        _write(passage, text=text, heading=heading, question=question)
        passage.save()
        _told(passage)
    return passage


def change(passage: Passage, **fields: Any) -> Passage:
    """``text``, ``heading`` or ``question`` make it an edited one; ``enabled`` alone does not."""
    with transaction.atomic():
        passage = Passage.objects.select_for_update().get(pk=passage.pk)
        passage.enabled = fields.pop("enabled", passage.enabled)
        said = {name: getattr(passage, name) for name in ("text", "heading", "question")}
        if (wanted := said | fields) != said:
            _write(passage, **wanted)
        passage.save()
        _told(passage)
    return passage


def remove(passage: Passage, *, asker: Asker) -> None:
    """A parent's children go with it."""
    with transaction.atomic():
        details = {"passage": passage.pk, "base": passage.base.name}
        record(asker=asker, action="passage.deleted", subject=passage.document.name, details=details)
        children = list(passage.children.values_list("pk", flat=True))
        note(passage.base_id, [passage.pk, *children])
        passage.delete()


def _write(passage: Passage, *, text: str, heading: str, question: str) -> None:
    text, heading, question = text.strip(), heading.strip()[:LONGEST_HEADING], question.strip()
    if not text:
        raise ApiError(
            "invalid", "A passage needs a text. Delete it, or switch it off, to have it found no more.", 422
        )
    if len(text) + len(question) > LONGEST:
        raise ApiError(
            "invalid", f"A passage may have {LONGEST:,} characters; this one has {len(text):,}.", 422
        )
    passage.text, passage.heading, passage.question, passage.edited = text, heading, question, True
    if not passage.searched:
        return
    passage.digest = digest_of(heading, text, question)
    passage.words = words_of(heading, text, question)
    passage.vector = known_vectors(passage.base, [passage.digest]).get(passage.digest)


def _told(passage: Passage) -> None:
    note(passage.base_id, [passage.pk])
    if passage.searched and passage.vector is None:
        transaction.on_commit(wake_worker)
