"""An index that is the rows themselves: exact, and slow on large bases."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from flowbuilder.knowledge.models import KnowledgeBase, Passage
from flowbuilder.knowledge.search import bm25


@dataclass
class RowsIndex:
    base: KnowledgeBase

    def catch_up(self, patience: float | None = None) -> bool:
        return True

    def _rows(self):
        return Passage.objects.filter(base=self.base, searched=True, enabled=True, document__enabled=True)

    def nearest(self, vector: np.ndarray, limit: int, allowed: Set[int] | None = None):
        rows = [row for row in self._rows().exclude(vector=None) if allowed is None or row.pk in allowed]
        if not rows:
            return []
        matrix = np.frombuffer(b"".join(bytes(row.vector) for row in rows), dtype=np.float16).reshape(
            len(rows), -1
        )
        scores = matrix.astype(np.float32) @ vector.astype(np.float32)
        return [(rows[at].pk, float(scores[at])) for at in np.argsort(-scores, kind="stable")[:limit]]

    def matching(self, words: list[str], limit: int, allowed: Set[int] | None = None):
        rows = list(self._rows())
        scores = bm25(words, [row.words for row in rows])
        order = [at for at in np.argsort(-scores, kind="stable") if scores[at] > 0]
        return [
            (rows[at].pk, float(scores[at])) for at in order if allowed is None or rows[at].pk in allowed
        ][:limit]


def index_of(base: KnowledgeBase) -> RowsIndex:
    return RowsIndex(base)
