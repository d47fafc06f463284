"""A Markdown text as its blocks: headings, paragraphs, lists, tables, code. Together they cover the text without a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flowbuilder.knowledge.splitting.pieces import Span
from flowbuilder.knowledge.splitting.sentences import sentences

HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
CHAPTER = re.compile(
    r"^\s*第[〇零一二三四五六七八九十百千0-9０-９]{1,6}([篇部章节])(?:[\s\u3000:：、]+\S.{0,50})?\s*$"
)
"""A heading of a Chinese plain text."""
CHAPTER_LEVELS = {"篇": 1, "部": 1, "章": 1, "节": 2}
ITEM = re.compile(r"^\s*(?:[-*+•·]|\d{1,3}[.)、]|[(（][一二三四五六七八九十\d]{1,3}[)）])\s*\S")
FENCE = re.compile(r"^\s*(```|~~~)")
RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
HEADER_LINES = 2


@dataclass(frozen=True)
class Block:
    kind: str
    """heading, text, list, table or code."""
    span: Span
    level: int = 0
    """Of a heading, 1 the largest."""
    title: str = ""
    header: Span | None = None
    """Of a table: its first row and the rule below it."""

    def clipped(self, whole: Span) -> Block | None:
        span = self.span.within(whole)
        return None if span is None else replace(self, span=span)

    def parts(self, text: str) -> list[Span]:
        """Where it may be split: sentences, items, rows or lines."""
        if self.kind == "text":
            return list(sentences(text, self.span))
        starts = [start for start, line in lines(text, self.span) if self.kind != "list" or ITEM.match(line)]
        starts = [self.span.start, *(start for start in starts if start > self.span.start)]
        return [Span(start, end) for start, end in zip(starts, [*starts[1:], self.span.end], strict=True)]


def lines(text: str, whole: Span) -> Iterator[tuple[int, str]]:
    start = whole.start
    while start < whole.end:
        end = text.find("\n", start, whole.end)
        end = whole.end if end < 0 else end + 1
        yield start, text[start:end]
        start = end


def blocks(text: str) -> list[Block]:
    found: list[Block] = []
    rows = list(lines(text, Span(0, len(text))))
    index = 0
    while index < len(rows):
        kind, level, title = _kind_of(rows, index)
        stop = _end_of(kind, rows, index)
        while stop < len(rows) and not rows[stop][1].strip():
            stop += 1
        end = rows[stop][0] if stop < len(rows) else len(text)
        start = rows[index][0] if found else 0
        header = None
        if kind == "table":
            header = Span(rows[index][0], rows[min(index + HEADER_LINES, len(rows) - 1)][0])
        found.append(Block(kind, Span(start, end), level, title, header))
        index = stop
    return found


def _kind_of(rows: Sequence[tuple[int, str]], index: int) -> tuple[str, int, str]:
    line = rows[index][1].rstrip("\n")
    if FENCE.match(line):
        return "code", 0, ""
    if heading := HEADING.match(line):
        return "heading", len(heading[1]), heading[2]
    if chapter := CHAPTER.match(line):
        return "heading", CHAPTER_LEVELS[chapter[1]], line.strip()
    if (
        line.lstrip().startswith("|")
        and index + 1 < len(rows)
        and RULE.match(rows[index + 1][1].rstrip("\n"))
    ):
        return "table", 0, ""
    return ("list" if ITEM.match(line) else "text"), 0, ""


def _end_of(kind: str, rows: Sequence[tuple[int, str]], index: int) -> int:
    """The first line behind the block."""
    if kind == "heading":
        return index + 1
    if kind == "code":
        mark = FENCE.match(rows[index][1])
        for stop in range(index + 1, len(rows)):
            closing = FENCE.match(rows[stop][1])
            if closing and mark and closing[1] == mark[1]:
                return stop + 1
        return len(rows)
    stop = index + (HEADER_LINES if kind == "table" else 1)
    while stop < len(rows) and _goes_on(kind, rows, stop):
        stop += 1
    return min(stop, len(rows))


def _goes_on(kind: str, rows: Sequence[tuple[int, str]], stop: int) -> bool:
    line = rows[stop][1]
    if kind == "table":
        return line.lstrip().startswith("|")
    if not line.strip():
        # A list goes on behind an empty line when the next line is an item or belongs to one.
        ahead = next((row for _, row in rows[stop + 1 : stop + 3] if row.strip()), "")
        return kind == "list" and bool(ITEM.match(ahead))
    other = _kind_of(rows, stop)[0]
    return other in {"text", kind}
