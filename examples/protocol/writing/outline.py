"""What Word and PDF have in common: the protocol as a row of blocks, each a heading, a paragraph, points or a record's fields."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from examples.protocol.source.examples import example_of
from examples.protocol.source.protocol import CHAPTERS, OPENING, TITLE, records
from examples.protocol.source.shapes import Chapter, Language, Record
from examples.protocol.writing import words


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Points:
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Fields:
    record: Record


@dataclass(frozen=True)
class Code:
    text: str


Block = Heading | Paragraph | Points | Fields | Code


def outline(language: Language) -> Iterator[Block]:
    yield Heading(1, TITLE.of(language))
    yield Paragraph(OPENING.of(language))
    for number, chapter in enumerate(CHAPTERS, 1):
        yield from _chapter(chapter, number, language)
    yield Heading(2, words.EXAMPLES.of(language))
    yield Paragraph(words.EXAMPLES_OPENING.of(language))
    for record in records():
        yield Heading(3, words.EXAMPLE.of(language).format(record.title.of(language)))
        yield Code(json.dumps(example_of(record), ensure_ascii=False, indent=2))


def _chapter(chapter: Chapter, number: int, language: Language) -> Iterator[Block]:
    yield Heading(2, f"{number} {chapter.title.of(language)}")
    yield Paragraph(chapter.introduction.of(language))
    for section in chapter.sections:
        yield Heading(3, section.title.of(language))
        yield from (Paragraph(paragraph.of(language)) for paragraph in section.paragraphs)
    for record in chapter.records:
        yield from _record(record, language)
    if chapter.rules:
        yield Heading(3, words.RULES.of(language).format(chapter.title.of(language)))
        yield Points(tuple(rule.of(language) for rule in chapter.rules))


def _record(record: Record, language: Language) -> Iterator[Block]:
    yield Heading(3, words.heading(record, language))
    yield Paragraph(words.joined([record.purpose.of(language), record.written.of(language)], language))
    for note in record.notes:
        yield Paragraph(words.NOTE.of(language).format(note.of(language)))
    yield Paragraph(words.FIELDS.of(language).format(record.name))
    yield Fields(record)
