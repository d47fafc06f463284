"""``python -m benchmarks.splitters``: our automatic splitting beside chonkie, semantic-text-splitter and semchunk.

On the sample protocol's Markdown in both languages, and on the Chinese one's sentences in one long paragraph, all at 400
characters: how many pieces end in mid-sentence, how many
cut a row of a table or an item of a list, and how long it takes. Install what it compares with by hand.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.retrieval.chunking import Chunk, ends_in_mid_sentence
from flowbuilder.knowledge.splitting import SplitSettings, split

LENGTH = 400
SAMPLES = ("parcel-protocol.md", "parcel-protocol.zh.md")
MARKS = [". ", "! ", "? ", "。", "！", "？", "；", "\n"]
SENTENCE = re.compile(r"[^\n|#。]{4,}。")
Spans = list[tuple[int, int]]


def ours(text: str) -> Spans:
    pieces = split(text, SplitSettings(unit="characters", length=LENGTH, overlap=0))
    return [(piece.start, piece.end) for piece in pieces]


def chonkie(text: str) -> Spans:
    from chonkie import SentenceChunker

    found = SentenceChunker("character", chunk_size=LENGTH, chunk_overlap=0, delim=MARKS).chunk(text)
    return [(chunk.start_index, chunk.end_index) for chunk in found]


def semantic_text_splitter(text: str) -> Spans:
    from semantic_text_splitter import MarkdownSplitter

    found = MarkdownSplitter(LENGTH).chunk_indices(text)
    return [(start, start + len(piece)) for start, piece in found]


def semchunk(text: str) -> Spans:
    import semchunk as library

    _, offsets = library.chunk(text, LENGTH, len, offsets=True)
    return list(offsets)


WAYS: dict[str, Callable[[str], Spans]] = {
    "ours, automatic": ours,
    "chonkie, sentences with CJK marks": chonkie,
    "semantic-text-splitter, Markdown": semantic_text_splitter,
    "semchunk": semchunk,
}


def main() -> None:
    print(
        "| split by | sample | pieces | end in mid-sentence | cut a row or item | ms |\n|---|---|---|---|---|---|"
    )
    texts = {name: Path("examples/protocol", name).read_text() for name in SAMPLES}
    texts["its sentences, no line breaks"] = "".join(SENTENCE.findall(texts[SAMPLES[-1]]))
    for name, text in texts.items():
        for way, run in WAYS.items():
            run(text)
            started = time.perf_counter()
            spans = run(text)
            taken = 1000 * (time.perf_counter() - started)
            spans = [(start, end) for start, end in spans if text[start:end].strip()]
            broken = sum(
                ends_in_mid_sentence(Chunk("", "", text[start:end], start, end), text) for start, end in spans
            )
            cut = sum(cuts_line(text, end) for _, end in spans)
            share = f"{broken / len(spans):.1%} | {cut / len(spans):.1%}"
            print(f"| {way} | {name} | {len(spans)} | {share} | {taken:.0f} |", flush=True)


def cuts_line(text: str, end: int) -> bool:
    """Whether it ends inside of a table's row or a list's item."""
    end = len(text[:end].rstrip())
    line = text[text.rfind("\n", 0, end) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]
    rest = text[end : (text.find("\n", end) + 1 or len(text) + 1) - 1]
    return line.lstrip().startswith(("|", "- ", "* ")) and bool(rest.strip())


if __name__ == "__main__":
    main()
