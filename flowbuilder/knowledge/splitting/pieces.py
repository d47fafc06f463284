"""What splitting gives."""

from __future__ import annotations

from dataclasses import dataclass


class SplitFailed(ValueError):
    """The settings do not fit the document; the message is for the person."""


@dataclass(frozen=True)
class Span:
    """Characters of a text from ``start`` up to ``end``."""

    start: int
    end: int

    def within(self, other: Span) -> Span | None:
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None


@dataclass(frozen=True)
class Piece:
    heading: str
    """The headings above it, outermost first, joined by ' › '."""
    text: str
    start: int
    """With ``end`` where it stands in the extracted text, in characters. Cleaning and a repeated table header
    make ``text`` differ from what stands there."""
    end: int
    question: str = ""
    """Of a question and answer; ``text`` is the answer then."""
    parent: int | None = None
    """Where its parent stands in the same list."""
    is_parent: bool = False
    """Given in place of its children, and not searched itself."""
