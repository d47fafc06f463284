"""What of a passage is searched: its words, its vector, and the digest by which neither is made twice."""

from __future__ import annotations

import hashlib

from flowbuilder.knowledge.words import terms

HEADING_WEIGHT = 2
SEPARATOR = " › "


def embedded_text(heading: str, text: str, question: str = "") -> str:
    """A question stands for its answer; anything else goes with the heading right above it."""
    return question or f"{heading.split(SEPARATOR)[-1]}\n{text}"


def digest_of(heading: str, text: str, question: str = "") -> str:
    return hashlib.sha256(embedded_text(heading, text, question).encode()).hexdigest()


def words_of(heading: str, text: str, question: str = "") -> list[str]:
    """What a section is called says more of it than any one sentence in it."""
    if question:
        return terms(question)
    return terms(heading.split(SEPARATOR)[-1]) * HEADING_WEIGHT + terms(text)
