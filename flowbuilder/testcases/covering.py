"""Whether what was found covers what was expected: by its place in the document, else by its words."""

from __future__ import annotations

from typing import Any

from flowbuilder.knowledge.words import words
from flowbuilder.testcases.models import ExpectedPassage

ENOUGH = 0.5
"""Of the shorter of the two, that both hold. A passage that only touches the edge does not count."""
ENOUGH_WORDS = 0.8
"""Of the quote's different words, where no place says it."""


def covers(hit: dict[str, Any], expected: ExpectedPassage) -> bool:
    """``hit`` has ``document_id``, ``text`` and perhaps ``start`` and ``end``."""
    placed = None not in (hit.get("start"), hit.get("end"), expected.start, expected.end)
    if placed and expected.document_id is not None:
        if str(expected.document_id) != hit.get("document_id"):
            return False
        shared = min(hit["end"], expected.end) - max(hit["start"], expected.start)
        return shared >= ENOUGH * max(1, min(hit["end"] - hit["start"], expected.end - expected.start))
    wanted = set(words(expected.quote))
    return bool(wanted) and len(wanted & set(words(hit["text"]))) >= ENOUGH_WORDS * len(wanted)
