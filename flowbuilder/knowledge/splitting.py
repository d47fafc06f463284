"""Splits a document into passages: at headings first, at sentence ends where a section is too long.

Lengths are in characters. A table or list stays whole where it fits. Chinese, Japanese and Korean sentence
marks count as sentence ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TARGET = 1000
OVERLAP = 120
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?])(?=\s)|(?<=\n)")


@dataclass(frozen=True)
class Piece:
    heading: str
    """The headings above it, outermost first, joined by ' › '."""
    text: str


def split(text: str, target: int = TARGET, overlap: int = OVERLAP) -> list[Piece]:
    """Pieces of about ``target`` characters; only a sentence longer than that is cut inside."""
    return [
        Piece(heading, part)
        for heading, body in sections(text)
        for part in _fill(body, target, overlap)
        if part.strip()
    ]


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Each heading's own text, with the heading line kept in it."""
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    fenced = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        found = None if fenced else HEADING.match(line)
        if found:
            if any(kept.strip() for kept in lines):
                yield _joined(path), "\n".join(lines)
            level = len(found[1])
            path = [*(above for above in path if above[0] < level), (level, found[2])]
            lines = []
        lines.append(line)
    if any(kept.strip() for kept in lines):
        yield _joined(path), "\n".join(lines)


def _joined(path: list[tuple[int, str]]) -> str:
    return " › ".join(title for _, title in path)


def _fill(body: str, target: int, overlap: int) -> Iterator[str]:
    if len(body) <= target:
        yield body.strip("\n")
        return
    current: list[str] = []
    for sentence in _sentences(body, target):
        if current and sum(map(len, current)) + len(sentence) > target:
            yield "".join(current).strip("\n")
            current = _tail(current, overlap)
        current.append(sentence)
    if current:
        yield "".join(current).strip("\n")


def _sentences(body: str, target: int) -> Iterator[str]:
    for sentence in SENTENCE_END.split(body):
        for start in range(0, len(sentence), target):
            yield sentence[start : start + target]


def _tail(sentences: list[str], overlap: int) -> list[str]:
    """The last whole sentences that fit into the overlap."""
    kept: list[str] = []
    for sentence in reversed(sentences):
        if sum(map(len, kept)) + len(sentence) > overlap:
            break
        kept.insert(0, sentence)
    return kept
