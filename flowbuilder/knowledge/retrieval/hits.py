"""What a search found, on its way from an id to what is given of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flowbuilder.knowledge.models import Passage


@dataclass
class Parts:
    """What each index said of it; None where it had no say."""

    dense: float | None = None
    """Cosine."""
    keyword: float | None = None
    """BM25."""
    lsa: float | None = None
    """Cosine in the latent space."""
    title: float | None = None
    """1 where the question names its heading."""
    fused: float | None = None
    rerank: float | None = None
    """The cross-encoder's, in 0..1."""
    kept: float | None = None
    """How sure it is that this answer was given to the same question."""

    def told(self) -> dict[str, float | None]:
        return {name: None if value is None else round(value, 4) for name, value in vars(self).items()}


@dataclass
class Hit:
    passage: Passage
    """What was found, with its document."""
    score: float
    parts: Parts
    words: list[str]
    """Of the question's, which it has."""
    relevance: float
    """How much it has to do with the question, in 0..1: what ``least`` is held against."""
    text: str = ""
    """What is given: its own text, its parent's, or the window around it."""
    start: int | None = None
    end: int | None = None
    given: Passage | None = None
    """The parent, where that is what is given."""
    beside: list[int] = field(default_factory=list)
    """Passages before and after that are given with it."""

    def told(self) -> dict[str, Any]:
        """As plain data: what the API, the debug pane and test runs read."""
        shown = self.given or self.passage
        return {
            "text": self.text,
            "source": self.passage.document.name,
            "score": round(self.score, 4),
            "passage_id": str(shown.pk),
            "found_id": str(self.passage.pk),
            "document_id": str(self.passage.document_id),
            "base_id": str(self.passage.base_id),
            "heading": shown.heading or self.passage.heading,
            "question": self.passage.question,
            "start": self.start,
            "end": self.end,
            "parts": self.parts.told(),
            "relevance": round(self.relevance, 4),
            "words": self.words,
        }
