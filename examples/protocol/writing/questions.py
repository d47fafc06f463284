"""The questions of one language as JSON lines."""

import json
from collections.abc import Iterator
from typing import Any

from examples.protocol.source.questions.reading import Place, Question, questions
from examples.protocol.source.shapes import Chapter, Language, Record, Text
from examples.protocol.writing import words
from examples.protocol.writing.rules import clauses

JOINT: dict[Language, str] = {"en": "; ", "zh": "；"}
BY_NAME = Text("Make a {} record.", "生成一条{}记录。")
DOCUMENT: dict[Language, str] = {"en": "parcel-protocol.md", "zh": "parcel-protocol.zh.md"}


def question_lines(language: Language) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(language))


def _rows(language: Language) -> Iterator[dict[str, Any]]:
    for number, question in enumerate(questions(), 1):
        first, *others = (wording.of(language) for wording in question.wordings)
        if question.kind == "record request" and isinstance(question.place.below, Record):
            others.append(BY_NAME.of(language).format(question.place.below.title.of(language)))
        yield {
            "id": f"{language}-{number:03d}",
            "kind": question.kind,
            "question": first,
            "paraphrases": others,
            "expected": _expected(question, language),
            "answer": question.answer.of(language),
        }


def _expected(question: Question, language: Language) -> list[dict[str, str]]:
    if question.place is None:
        return []
    heading, quote = _heading(question.place, language), _quote(question.place, language)
    return [{"document": DOCUMENT[language], "heading": heading, "quote": quote}]


def _heading(place: Place, language: Language) -> str:
    match place.below:
        case Record() as record:
            return words.heading(record, language)
        case Chapter() as chapter:
            return words.RULES.of(language).format(chapter.title.of(language))
        case section:
            return section.title.of(language)


def _quote(place: Place, language: Language) -> str:
    if isinstance(place.quote, Text):
        return place.quote.of(language)
    field = next(field for field in place.below.fields if field.name == place.quote)
    return JOINT[language].join(clauses(field, language))
