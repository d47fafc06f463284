"""Tasks: texts, and questions with the stretch of a text that answers each."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROTOCOL = Path(__file__).parents[2] / "examples" / "protocol"
SHORTEST_SECTION = 80
MOST_QUESTIONS = 400
"""Of one tree; of more, every n-th is asked."""
ANCHOR = re.compile(r"\s*\{#[^}]*\}")
SEPARATOR = " › "


HALVES = ("tuned on", "held out")


@dataclass(frozen=True)
class Question:
    text: str
    document: str
    start: int
    end: int
    group: str
    """What it is counted under besides all."""
    half: str = ""
    """"tuned on" or "held out": what was chosen by looking at questions is judged by the others."""


@dataclass(frozen=True)
class Task:
    name: str
    texts: dict[str, str]
    """Document -> its text."""
    questions: tuple[Question, ...]
    is_split: bool
    """False where each text is a passage already."""


def protocol_task(language: str) -> Task:
    ending = "" if language == "en" else f".{language}"
    name = f"parcel-protocol{ending}.md"
    text = (PROTOCOL / name).read_text()
    questions: list[Question] = []
    places: dict[tuple[int, int], str] = {}
    for line in (PROTOCOL / f"questions{ending}.jsonl").read_text().splitlines():
        row = json.loads(line)
        for passage in row["expected"]:
            start = text.index(passage["quote"], text.index(f" {passage['heading']}\n"))
            end = start + len(passage["quote"])
            half = places.setdefault((start, end), HALVES[len(places) % 2])
            questions += [
                Question(wording, name, start, end, row["kind"], half)
                for wording in (row["question"], *row["paraphrases"])
            ]
    return Task(f"protocol, {language}", {name: text}, tuple(questions), is_split=True)


def headings_task(folder: Path) -> Task:
    found = [section for path in sorted(folder.rglob("*.md")) for section in _sections(path)]
    often = Counter(title.casefold() for title, _ in found)
    texts = {f"{number}": body for number, (_, body) in enumerate(found)}
    questions = tuple(
        Question(title, f"{number}", 0, len(body), "heading")
        for number, (title, body) in enumerate(found)
        if often[title.casefold()] == 1
    )
    every = -(-len(questions) // MOST_QUESTIONS)
    return Task(f"headings of {folder.name}", texts, questions[::every], is_split=False)


def _sections(path: Path) -> Iterator[tuple[str, str]]:
    """Each heading's title with its own text, the heading's line removed."""
    from flowbuilder.knowledge.splitting.blocks import blocks
    from flowbuilder.knowledge.splitting.sections import sections

    text = path.read_text(encoding="utf-8", errors="replace")
    for section in sections(blocks(text)):
        title = ANCHOR.sub("", section.heading.rsplit(SEPARATOR, 1)[-1]).strip()
        body = "".join(
            text[block.span.start : block.span.end] for block in section.blocks if block.kind != "heading"
        ).strip()
        if title and len(body) >= SHORTEST_SECTION:
            yield title, body
