"""Vectors of questions: the one that is asked, and those that people answered and nothing has embedded yet."""

from __future__ import annotations

import numpy as np

from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.embedding import embed
from flowbuilder.knowledge.model_folders import Unusable
from flowbuilder.knowledge.models import KnowledgeBase, Passage
from flowbuilder.knowledge.retrieval.guard import why_not_question

AT_ONCE = 64


def vector_of(question: str, embedder: str) -> tuple[np.ndarray | None, str]:
    """Or None, and why there is none that can be trusted."""
    try:
        why = why_not_question(question, embedder)
        return (None, why) if why else (embed([question], embedder, is_question=True)[0], "")
    except Unusable as reason:
        return None, f"'{embedder}' cannot embed: {reason}"


def embed_answers(base: KnowledgeBase) -> None:
    """An answer that was just kept is found by meaning with the next question already."""
    waiting = Passage.objects.filter(base=base, enabled=True, vector=None).exclude(question="")
    rows = list(waiting.only("pk", "question", "digest")[:AT_ONCE])
    if not rows:
        return
    try:
        vectors = embed([row.question for row in rows], base.embedder)
    except Unusable:
        # The question cannot be embedded either, which the search tells.
        return
    for row, vector in zip(rows, vectors, strict=True):
        # Only where it still says what was embedded, and by whom.
        same = Passage.objects.filter(pk=row.pk, digest=row.digest, base__embedder=base.embedder)
        same.update(vector=vector.tobytes())
    note(base, [row.pk for row in rows])
