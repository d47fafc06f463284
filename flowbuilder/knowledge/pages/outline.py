"""A document's text with its passages outlined: stretches that belong to the same passages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.http import QueryDict

from flowbuilder.knowledge.models import Document

LETTERS_A_PAGE = 20_000


@dataclass(frozen=True)
class Stretch:
    text: str
    passage_id: int | None
    number: int
    """Of the passage, from 1."""
    shared: bool
    """Two passages overlap here."""
    marked: bool

    @property
    def tint(self) -> str:
        if self.marked:
            return "marked"
        return "shared" if self.shared else ("odd" if self.number % 2 else "even")


@dataclass(frozen=True)
class Shown:
    stretches: list[Stretch]
    number: int
    pages: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def outline(document: Document, text: str, asked: QueryDict) -> Shown:
    """``start`` and ``end`` mark a place and open its page, else ``page`` says which."""
    first, last = _number(asked.get("start")), _number(asked.get("end"))
    marked = (first, last) if first is not None and last is not None and last > first else None
    pages = max(1, -(-len(text) // LETTERS_A_PAGE))
    number = min(
        marked[0] // LETTERS_A_PAGE + 1 if marked else max(1, _number(asked.get("page")) or 1), pages
    )
    start = (number - 1) * LETTERS_A_PAGE
    end = min(
        len(text), max(start + LETTERS_A_PAGE, min(marked[1], start + 2 * LETTERS_A_PAGE) if marked else 0)
    )
    rows = document.passages.filter(searched=True, start__lt=end, end__gt=start).order_by("ordinal")
    spans = list(rows.values_list("pk", "ordinal", "start", "end"))
    edges = {start, end} | {edge for _, _, one, other in spans for edge in (one, other) if start < edge < end}
    edges |= {edge for edge in marked or () if start < edge < end}
    return Shown(_stretches(text, sorted(edges), spans, marked), number, pages)


def _stretches(
    text: str, edges: list[int], spans: list[tuple[int, int, int, int]], marked: tuple[int, int] | None
) -> list[Stretch]:
    found = []
    waiting = sorted(spans, key=lambda span: span[2])
    open_: list[tuple[int, int, int, int]] = []
    for start, end in pairwise(edges):
        while waiting and waiting[0][2] <= start:
            open_.append(waiting.pop(0))
        open_ = [span for span in open_ if span[3] > start]
        here = open_[0] if open_ else None
        found.append(
            Stretch(
                text[start:end].replace("\f", "· · ·"),
                here[0] if here else None,
                here[1] + 1 if here else 0,
                len(open_) > 1,
                marked is not None and marked[0] <= start < marked[1],
            )
        )
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 12 else None
