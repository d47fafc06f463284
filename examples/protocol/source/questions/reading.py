"""The blocks of questions as data, each with the passage that answers it."""

from collections.abc import Iterator
from dataclasses import dataclass

from examples.protocol.source import protocol
from examples.protocol.source.questions import (
    facts,
    money_and_customs,
    out_of_scope,
    parcels_and_scanning,
    people_and_routes,
    places_and_vehicles,
    rules,
    service_and_surroundings,
)
from examples.protocol.source.shapes import Chapter, Record, Section, Text

MODULES = (
    parcels_and_scanning,
    people_and_routes,
    places_and_vehicles,
    money_and_customs,
    service_and_surroundings,
    facts,
    rules,
    out_of_scope,
)
KINDS = {"record": "record request", "fact": "fact", "rule": "rule across records", "none": "out of scope"}
WORDINGS = 4


@dataclass(frozen=True)
class Place:
    """Where an answer stands: below a record or section, in these words."""

    below: Record | Section | Chapter
    quote: Text | str
    """Words, or the name of a record's field: its rules are worded by whoever writes the document."""


@dataclass(frozen=True)
class Question:
    kind: str
    wordings: tuple[Text, ...]
    place: Place | None
    answer: Text


def questions() -> Iterator[Question]:
    for module in MODULES:
        for block in module.BLOCKS.strip().split("\n\n"):
            yield _question(block)


def _question(block: str) -> Question:
    expected, *lines = block.strip().splitlines()
    if len(lines) != 2 * WORDINGS:
        raise ValueError(f"{len(lines)} wordings instead of {2 * WORDINGS} below '{expected}'")
    kind, *rest = (cell.strip() for cell in expected.split("|"))
    wordings = tuple(map(Text, lines[:WORDINGS], lines[WORDINGS:]))
    if kind == "none":
        return Question(KINDS[kind], wordings, None, Text("", ""))
    if kind == "record":
        record = _record(rest[0])
        return Question(KINDS[kind], wordings, Place(record, record.purpose), Text(record.name, record.name))
    return Question(KINDS[kind], wordings, _place(rest[0]), Text(*rest[1:]))


def _place(words: str) -> Place:
    name, _, field = words.partition(".")
    if field and " " not in words:
        return Place(_record(name), field)
    found = [place for place in _paragraphs() if isinstance(place.quote, Text) and words in place.quote.en]
    if len(found) != 1:
        raise ValueError(f"'{words}' stands in {len(found)} paragraphs instead of one")
    return found[0]


def _record(name: str) -> Record:
    return next(record for record in protocol.records() if record.name == name)


def _paragraphs() -> Iterator[Place]:
    for chapter in protocol.CHAPTERS:
        for section in chapter.sections:
            yield from (Place(section, paragraph) for paragraph in section.paragraphs)
        for record in chapter.records:
            yield from (Place(record, text) for text in (record.written, *record.notes))
        yield from (Place(chapter, rule) for rule in chapter.rules)
