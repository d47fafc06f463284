"""Vectors of questions: the one that is asked, and those that people answered and nothing has embedded yet."""

from __future__ import annotations

import numpy as np

from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.embedding import embed
from flowbuilder.knowledge.models import KnowledgeBase, Passage

AT_ONCE = 64


def embed_question(question: str) -> np.ndarray:
    return embed([question])[0]


def embed_answers(base: KnowledgeBase) -> None:
    """An answer that was just kept is found by meaning with the next question already."""
    waiting = Passage.objects.filter(base=base, enabled=True, vector=None).exclude(question="")
    rows = list(waiting.only("pk", "question", "digest")[:AT_ONCE])
    if not rows:
        return
    vectors = embed([row.question for row in rows])
    for row, vector in zip(rows, vectors, strict=True):
        # Only where it still says what was embedded.
        Passage.objects.filter(pk=row.pk, digest=row.digest).update(vector=vector.tobytes())
    note(base, [row.pk for row in rows])
