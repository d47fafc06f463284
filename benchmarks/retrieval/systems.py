"""What is compared: each takes a question and gives places in the list of passages, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

System = Callable[[str], list[int]]
DEPTH = 50
FUSION = 60


def product(base: Any, passages: Sequence[Any]) -> System:
    from flowbuilder.knowledge.retrieval.search import look
    from nodes.knowledge.looking import Looking

    place = {str(passage.pk): number for number, passage in enumerate(passages)}

    def ask(question: str) -> list[int]:
        found = look([base.pk], question, Looking(limit=10), dense=True)
        return [place[hit["passage_id"]] for hit in found["hits"]]

    return ask


def embedding(passages: Sequence[Any]) -> System:
    from flowbuilder.knowledge.embedding import embed

    matrix = np.stack([np.frombuffer(passage.vector, np.float16) for passage in passages]).astype(np.float32)

    @cache
    def ask(question: str) -> list[int]:
        return list(np.argsort(-(matrix @ embed([question])[0].astype(np.float32)), kind="stable")[:DEPTH])

    return ask


def bm25(passages: Sequence[Any]) -> System:
    """Over words as the segmenter cuts them, the heading's twice: no characters of Chinese beside them."""
    import bm25s

    from flowbuilder.knowledge.words import words

    index = bm25s.BM25(method="lucene")
    texts = [words(passage.heading.split(" › ")[-1]) * 2 + words(passage.text) for passage in passages]
    index.index(texts, show_progress=False)

    def ask(question: str) -> list[int]:
        known = [word for word in words(question) if word in index.vocab_dict]
        if not known:
            return []
        scores = index.get_scores(known)
        return [int(at) for at in np.argsort(-scores, kind="stable")[:DEPTH] if scores[at] > 0]

    return ask


def equal_fusion(one: System, other: System) -> System:
    """Reciprocal ranks (Cormack, Clarke & Büttcher 2009, k = 60), whatever the language."""

    def ask(question: str) -> list[int]:
        total: dict[int, float] = {}
        for ranking in (one(question), other(question)):
            for rank, place in enumerate(ranking):
                total[place] = total.get(place, 0.0) + 1 / (FUSION + 1 + rank)
        return sorted(total, key=lambda place: -total[place])

    return ask
