"""Fills passages with blocks: whole where they fit, at their sentences, items or rows where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from flowbuilder.knowledge.splitting.blocks import Block
from flowbuilder.knowledge.splitting.pieces import Span
from flowbuilder.knowledge.splitting.rulers import Ruler
from flowbuilder.knowledge.splitting.sentences import cut, sentences

LEADS_IN = re.compile(r"[:：][*_]*\s*$")
LED_INTO = frozenset({"list", "table", "code"})


@dataclass(frozen=True)
class Packed:
    span: Span
    header: Span | None = None
    """A table's, to be repeated above rows that stand apart from it."""


@dataclass
class Packer:
    text: str
    ruler: Ruler
    limit: int
    overlap: int
    _start: int = -1
    _end: int = -1
    _header: Span | None = None
    _heading: int = -1
    """Where the headings and lead-ins begin that the passage ends with so far: they belong to what follows."""
    _done: list[Packed] = field(default_factory=list)

    def pack(self, blocks: Iterable[Block]) -> list[Packed]:
        led = False
        for block in lead_ins_apart(self.text, list(blocks)):
            whole = self._from_lead(block, led)
            if not self._fits(block.span.end) and self._alone(whole, self._repeated(block, block.span)):
                self._close()
                if not self._fits(block.span.end):
                    self._finish()
            led = block.kind == "lead-in"
            if self._fits(block.span.end) or (self._start < 0 and self._alone(block.span, None)):
                self._add(block.span, self._repeated(block, block.span), block.kind)
                continue
            for part in self._parts(block):
                if not self._fits(part.end):
                    self._close()
                    if not self._fits(part.end):
                        self._finish()
                self._add(part, self._repeated(block, part), block.kind)
        self._finish()
        return self._done

    def _from_lead(self, block: Block, led: bool) -> Span:
        """With the line that leads into it: what does not fit with that into a passage is rather divided than torn from it."""
        return Span(self._heading, block.span.end) if led and self._heading >= 0 else block.span

    def _parts(self, block: Block) -> Iterator[Span]:
        for part in block.parts(self.text):
            header = self._repeated(block, part)
            room = self.limit - (self._length(header) if header else 0)
            yield from cut(self.text, part, self.ruler, room)

    def _repeated(self, block: Block, part: Span) -> Span | None:
        """The header that ``part`` needs above it; a header that would fill the passage is not repeated."""
        header = block.header
        if header is None or part.start < header.end or self._length(header) > self.limit // 2:
            return None
        return header

    def _fits(self, end: int) -> bool:
        if self._start < 0:
            return False
        header = self._length(self._header) if self._header else 0
        return self.ruler.length(self._start, end) + header <= self.limit

    def _alone(self, span: Span, header: Span | None) -> bool:
        return self._length(span) + (self._length(header) if header else 0) <= self.limit

    def _length(self, span: Span) -> int:
        return self.ruler.length(span.start, span.end)

    def _add(self, span: Span, header: Span | None, kind: str) -> None:
        if self._start < 0:
            self._start, self._header = span.start, header
            if self.overlap and self._done and header is None and kind in {"text", "list", "lead-in"}:
                self._start = self._overlapped(span)
        self._end = span.end
        if kind not in {"heading", "lead-in"}:
            self._heading = -1
        elif self._heading < 0:
            self._heading = span.start

    def _overlapped(self, span: Span) -> int:
        """Where the last whole sentences before ``span`` begin that fit into the overlap, and with it into the limit."""
        before = self._done[-1]
        if before.span.end != span.start:
            return span.start
        start = span.start
        for sentence in reversed(list(sentences(self.text, before.span))):
            length = self.ruler.length(sentence.start, span.start)
            if length > self.overlap or self.ruler.length(sentence.start, span.end) > self.limit:
                break
            if sentence.start > before.span.start:
                start = sentence.start
        return start

    def _close(self) -> None:
        """Ends the passage; headings at its end begin the next one."""
        if self._start < self._heading:
            heading, end = self._heading, self._end
            self._end = heading
            self._finish()
            self._start, self._end, self._heading = heading, end, heading
        elif self._heading < 0:
            self._finish()

    def _finish(self) -> None:
        if self._start >= 0:
            self._done.append(Packed(Span(self._start, self._end), self._header))
        self._start = self._end = self._heading = -1
        self._header = None


def lead_ins_apart(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The last sentence before a list, table or code, where it ends in a colon, is a block of its own."""
    for block, behind in zip_longest(blocks, blocks[1:]):
        leads_in = block.kind == "text" and behind is not None and behind.kind in LED_INTO
        if not leads_in or not LEADS_IN.search(text, block.span.start, block.span.end):
            yield block
            continue
        last = list(sentences(text, block.span))[-1]
        if block.span.start < last.start:
            yield replace(block, span=Span(block.span.start, last.start))
        yield replace(block, kind="lead-in", span=last)


def pack(text: str, blocks: Sequence[Block], ruler: Ruler, limit: int, overlap: int = 0) -> list[Packed]:
    """Stretches of ``blocks`` (which follow each other) no longer than ``limit``; each begins where the last ended, or earlier
    by whole sentences of at most ``overlap``."""
    return Packer(text, ruler, limit, overlap).pack(blocks)
