"""Ways to split a text, and how often a piece ends in mid-sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WHOLE_END = re.compile(r"[.!?。！？；:：…][\"'”’」』)）\]*_`]*$")
NEW_BLOCK = re.compile(r"[ \t]*(?:$|\n[ \t]*(?:\n|$|[-*+#|>`~]|\d+[.)]))")
COZE_LENGTH = 800


@dataclass(frozen=True)
class Chunk:
    document: str
    heading: str
    text: str
    start: int
    end: int


def ours(document: str, text: str) -> Iterator[Chunk]:
    from flowbuilder.knowledge.splitting import split

    for piece in split(text):
        yield Chunk(document, piece.heading[:300], piece.text, piece.start, piece.end)


def langchain(document: str, text: str) -> Iterator[Chunk]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(add_start_index=True)
    for piece in splitter.create_documents([text]):
        start = piece.metadata["start_index"]
        yield Chunk(document, "", piece.page_content, start, start + len(piece.page_content))


def flushed_lines(document: str, text: str) -> Iterator[Chunk]:
    """At most 800 characters, and never beyond a line's end."""
    for line in re.finditer(r"[^\n]+", text):
        for start in range(line.start(), line.end(), COZE_LENGTH):
            end = min(start + COZE_LENGTH, line.end())
            if text[start:end].strip():
                yield Chunk(document, "", text[start:end].strip(), start, end)


def whole(document: str, text: str) -> Iterator[Chunk]:
    yield Chunk(document, "", text, 0, len(text))


def ends_in_mid_sentence(chunk: Chunk, text: str) -> bool:
    """Neither behind a sentence's mark, nor where a paragraph, list item, heading or row of a table ends."""
    ending = text[chunk.start : chunk.end].rstrip()
    return not WHOLE_END.search(ending) and not NEW_BLOCK.match(text, chunk.start + len(ending))
