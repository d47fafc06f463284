"""What is searched has changed: noted beside the change itself, for the indexes that stand outside the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from flowbuilder.knowledge.models import Document, IndexChange, KnowledgeBase, Passage

BATCH = 500


def note(base: KnowledgeBase | uuid.UUID, passage_ids: Iterable[int]) -> None:
    """Passages of ``base`` came, went or changed. Call it in the transaction that changes them."""
    base_id = base.pk if isinstance(base, KnowledgeBase) else base
    with transaction.atomic():
        # One after the other: on PostgreSQL a number that was given earlier could be committed later, and an index that
        # has passed it would never look there again.
        KnowledgeBase.objects.select_for_update(no_key=True).filter(pk=base_id).first()
        IndexChange.objects.bulk_create(
            (IndexChange(base_id=base_id, passage_id=passage_id) for passage_id in passage_ids),
            batch_size=BATCH,
        )


def note_document(document: Document) -> None:
    """All passages of ``document`` that search may have met: before it is deleted, when it is switched or described anew."""
    searched = Passage.objects.filter(document=document, searched=True)
    note(document.base_id, list(searched.values_list("pk", flat=True)))
