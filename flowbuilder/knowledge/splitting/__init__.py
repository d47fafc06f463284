"""Splits a document into passages. Plain functions over text; each piece knows where it stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from pathlib import Path

from flowbuilder.knowledge.splitting.blocks import Block, blocks
from flowbuilder.knowledge.splitting.cleaning import Cleaned, clean
from flowbuilder.knowledge.splitting.delimiters import parts
from flowbuilder.knowledge.splitting.packing import Packed, pack
from flowbuilder.knowledge.splitting.pairs import pairs
from flowbuilder.knowledge.splitting.pieces import Piece, Span, SplitFailed
from flowbuilder.knowledge.splitting.rulers import Ruler, ruler_of
from flowbuilder.knowledge.splitting.sections import DEEPEST, Section, sections
from flowbuilder.knowledge.splitting.sentences import cut
from flowbuilder.knowledge.splitting.settings import SplitSettings

__all__ = ["Piece", "SplitFailed", "SplitSettings", "split"]


def split(text: str, settings: SplitSettings | None = None, tokenizer: Path | None = None) -> list[Piece]:
    """Pieces in the order of the text, each behind its parent. ``SplitFailed`` where the settings do not fit it."""
    settings = settings or SplitSettings()
    cleaned = clean(text, settings.cleaning)
    return Splitter(cleaned, settings, ruler_of(cleaned.text, settings.unit, tokenizer)).pieces()


class Splitter:
    def __init__(self, cleaned: Cleaned, settings: SplitSettings, ruler: Ruler) -> None:
        self.cleaned, self.text = cleaned, cleaned.text
        self.settings, self.ruler = settings, ruler
        self.blocks = blocks(self.text)
        self.sections = list(sections(self.blocks))

    def pieces(self) -> list[Piece]:
        if self.settings.method == "questions":
            return list(self._pairs())
        if self.settings.parents == "none":
            return [piece for found in self._spans() if (piece := self._piece(found))]
        return list(self._families())

    def _families(self) -> Iterator[Piece]:
        """Each parent, then its children."""
        place = first = 0
        spans = list(self._spans())
        for parent in self._parents():
            while first < len(spans) and spans[first].span.end <= parent.span.start:
                first += 1
            whole = self._piece(parent, is_parent=True)
            if whole is None:
                continue
            yield whole
            clipped = self._clipped(spans, first, parent.span)
            children = [piece for found in clipped if (piece := self._piece(found, parent=place))]
            yield from children
            place += 1 + len(children)

    @staticmethod
    def _clipped(found: Sequence[Packed], first: int, whole: Span) -> Iterator[Packed]:
        for one in takewhile(lambda one: one.span.start < whole.end, islice(found, first, None)):
            if span := one.span.within(whole):
                yield Packed(span, one.header)

    def _parents(self) -> Iterator[Packed]:
        length = self.settings.parent_length
        if self.settings.parents == "document":
            yield Packed(Span(0, len(self.text)))
            return
        if self.settings.parents == "length":
            yield from pack(self.text, self.blocks, self.ruler, length)
            return
        level = self.settings.level if self.settings.method == "heading" else DEEPEST
        for section in sections(self.blocks, level):
            yield from self._packed(section, length, overlap=0)

    def _spans(self) -> Iterator[Packed]:
        settings = self.settings
        if settings.method == "automatic":
            for section in self.sections:
                yield from self._packed(section, settings.length, settings.overlap)
        elif settings.method == "heading":
            for section in sections(self.blocks, settings.level):
                yield from self._packed(section, settings.length, settings.overlap)
        elif settings.method == "delimiter":
            for part in parts(self.text, settings):
                inside = [block for one in self.blocks if (block := one.clipped(part))]
                yield from pack(self.text, inside, self.ruler, settings.length, settings.overlap)
        else:
            yield from self._sentences()

    def _packed(self, section: Section, limit: int, overlap: int) -> list[Packed]:
        return pack(self.text, section.blocks, self.ruler, limit, overlap)

    def _sentences(self) -> Iterator[Packed]:
        """A heading stands with the first sentence below it."""
        for section in self.sections:
            start = section.span.start
            for block in section.blocks:
                for part in [block.span] if block.kind in {"heading", "code"} else block.parts(self.text):
                    if block.kind == "heading" or not self.text[part.start : part.end].strip():
                        continue
                    if block.header and part.end <= block.header.end:
                        continue  # a table's header stands above each of its rows
                    rest = Span(start, part.end)
                    header = block.header if block.header and start >= block.header.end else None
                    for stretch in cut(self.text, rest, self.ruler, self.settings.length):
                        yield Packed(stretch, header)
                    start = part.end
            if start < section.span.end:
                yield Packed(Span(start, section.span.end))

    def _pairs(self) -> Iterator[Piece]:
        """Pairs, and what stands between them as passages of its own."""
        found = pairs(self.text, self.blocks)
        if not found:
            raise SplitFailed(
                "No questions and answers were found in it: a table needs the columns question and answer (问题 and 答案), "
                "a text lines that begin with Q: and A: (问： and 答：)."
            )
        last = 0
        for pair in [*found, None]:
            until = pair.span.start if pair else len(self.text)
            between = [
                block for one in self.blocks if last < until and (block := one.clipped(Span(last, until)))
            ]
            kept = [block for block in between if block.kind != "heading" and not self._is_header(block)]
            if any(self.text[block.span.start : block.span.end].strip() for block in kept):
                for stretch in pack(
                    self.text, between, self.ruler, self.settings.length, self.settings.overlap
                ):
                    if piece := self._piece(stretch):
                        yield piece
            if pair:
                start, end = self._origin(pair.span)
                yield Piece(self._heading(pair.span.start), pair.answer, start, end, pair.question)
                last = pair.span.end

    @staticmethod
    def _is_header(block: Block) -> bool:
        return block.header is not None and block.span.end <= block.header.end

    def _piece(self, found: Packed, parent: int | None = None, is_parent: bool = False) -> Piece | None:
        text = self.text[found.span.start : found.span.end]
        if not text.strip():
            return None
        start = found.span.start + len(text) - len(text.lstrip())
        span = Span(start, start + len(text.strip()))
        text = text.strip()
        if found.header:
            text = f"{self.text[found.header.start : found.header.end].rstrip()}\n{text}"
        start, end = self._origin(span)
        return Piece(self._heading(span.start), text, start, end, parent=parent, is_parent=is_parent)

    def _origin(self, span: Span) -> tuple[int, int]:
        return self.cleaned.origin(span.start), self.cleaned.origin_of_end(span.end)

    def _heading(self, place: int) -> str:
        return _section_at(self.sections, place).heading if self.sections else ""


def _section_at(found: Sequence[Section], place: int) -> Section:
    low, high = 0, len(found) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if found[middle].span.start <= place:
            low = middle
        else:
            high = middle - 1
    return found[low]
