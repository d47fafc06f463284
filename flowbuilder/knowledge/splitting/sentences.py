"""Where sentences end, in English and in Chinese, Japanese and Korean; and where a longer one may be cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbuilder.knowledge.splitting.pieces import Span
from flowbuilder.knowledge.splitting.rulers import Ruler

CLOSING = "\"'”’»」』）)\\]】》"
END = re.compile(rf"[。！？；…]+[{CLOSING}]*\s*|[.!?]+[{CLOSING}]*(?:\s+|$)|\n[ \t]*\n\s*")
ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Za-z]|\d+|e\.g|i\.e|cf|vs|etc|no|fig|dr|mr|mrs|ms|prof|st|approx|incl|resp)\.\s+$",
    re.I,
)
LOOK_BACK = 12
WEAK = (re.compile(r"\n"), re.compile(r"[，、：；,;:](?=\s)?"), re.compile(r"\s"))
"""Places to cut a sentence that is too long, the best first."""


def sentences(text: str, whole: Span) -> Iterator[Span]:
    """Spans that cover ``whole`` without a gap; the space behind a sentence is its own."""
    start = whole.start
    for match in END.finditer(text, whole.start, whole.end):
        if "." in match[0] and _is_abbreviation(text, start, match.end()):
            continue
        if match.end() > start:
            yield Span(start, match.end())
            start = match.end()
    if start < whole.end:
        yield Span(start, whole.end)


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    return ABBREVIATION.search(text[max(start, end - LOOK_BACK) : end]) is not None


def cut(text: str, whole: Span, ruler: Ruler, limit: int) -> Iterator[Span]:
    """``whole`` in stretches no longer than ``limit``: at line ends, clause marks or spaces where there are any."""
    start = whole.start
    while start < whole.end:
        reach = max(start + 1, ruler.reach(start, limit))
        if reach >= whole.end:
            yield Span(start, whole.end)
            return
        end = _weak_end(text, start, reach)
        yield Span(start, end)
        start = end


def _weak_end(text: str, start: int, reach: int) -> int:
    earliest = start + (reach - start) // 2
    for mark in WEAK:
        ends = [match.end() for match in mark.finditer(text, earliest, reach)]
        if ends:
            return ends[-1]
    return reach
