"""Passages that people wrote or changed get their vectors; nothing else of their document is embedded for it."""

from __future__ import annotations

from django.db import transaction

from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.ingestion.embedding import BATCH, embed_texts, known_vectors
from flowbuilder.knowledge.models import Passage
from flowbuilder.knowledge.searched import embedded_text


def embed_missing() -> bool:
    """The next few of any base; False where none is left."""
    first = Passage.objects.filter(searched=True, vector=None).select_related("base").order_by("pk").first()
    if first is None:
        return False
    base = first.base
    waiting = Passage.objects.filter(base=base, searched=True, vector=None).order_by("pk")
    rows = list(waiting.defer("words")[:BATCH])
    found = known_vectors(base, [row.digest for row in rows if row.digest])
    fresh = [row for row in rows if row.digest not in found]
    made = embed_texts(base, [embedded_text(row.heading, row.text, row.question) for row in fresh])
    vectors = {row.pk: vector for row, vector in zip(fresh, made, strict=True)}
    with transaction.atomic():
        for row in rows:
            # Only where it still says what was embedded, and by whom.
            said = Passage.objects.filter(
                pk=row.pk, text=row.text, question=row.question, base__embedder=base.embedder
            )
            said.update(vector=vectors.get(row.pk) or found[row.digest])
        note(base, [row.pk for row in rows])
    return True
