"""Cases in and out as files: JSON lines, or CSV with one expected passage a row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.knowledge.models import Document
from flowbuilder.tables.reading import understood
from flowbuilder.testcases.models import Origin, TestCase, TestSet
from flowbuilder.testcases.services import Expected, add_case

COLUMNS = ("question", "expected_answer", "document", "start", "end", "quote")
LONGEST = 100_000


@dataclass(frozen=True)
class Line:
    question: str
    expected_answer: str
    expected: tuple[Expected, ...]


def take(*, asker: Asker, test_set: TestSet, data: bytes, file: str) -> int:
    """Put a file's cases into the set, all or none; how many questions there were.

    A JSON line is ``{"question", "expected_answer"?, "expected"?: [{"document", "quote", "start"?, "end"?}]}``. In CSV
    the passage stands in the columns ``document``, ``quote``, ``start`` and ``end``; rows of one question are one case.
    """
    documents = documents_of(test_set)
    lines = understood(data, file, lambda row: line_of(row, documents))
    cases: dict[str, Line] = {}
    for line in lines:
        known = cases.get(line.question, Line(line.question, "", ()))
        answer = line.expected_answer or known.expected_answer
        cases[line.question] = Line(line.question, answer, (*known.expected, *line.expected))
    with transaction.atomic():
        for line in cases.values():
            add_case(
                test_set=test_set,
                question=line.question,
                expected_answer=line.expected_answer,
                expected=line.expected,
                origin=Origin.IMPORTED,
                asker=asker,
            )
    return len(cases)


def documents_of(test_set: TestSet) -> dict[str, Document]:
    if test_set.base is None:
        return {}
    return {document.name: document for document in test_set.base.documents.all()}


def line_of(row: Any, documents: dict[str, Document]) -> Line:
    if not isinstance(row, dict):
        raise ValueError("a case is an object with a 'question'")
    question, answer = text(row, "question").strip(), text(row, "expected_answer")
    if not question:
        raise ValueError("'question' is missing")
    expected = row.get("expected", [])
    if not isinstance(expected, list):
        raise ValueError('\'expected\' is a list of passages: [{"document": "a.md", "quote": "..."}]')
    if str(row.get("quote") or row.get("document") or "").strip():
        expected = [*expected, row]
    found = tuple(passage_of(one, documents) for one in expected)
    if not answer.strip() and not found:
        raise ValueError("it expects nothing: give 'expected_answer' or 'expected'")
    return Line(question, answer, found)


def passage_of(row: Any, documents: dict[str, Document]) -> Expected:
    if not isinstance(row, dict):
        raise ValueError("an expected passage is an object with 'document' and 'quote'")
    name, quote = text(row, "document").strip(), text(row, "quote")
    document = documents.get(name)
    if name and document is None:
        there = ", ".join(sorted(documents)[:10]) or "none"
        raise ValueError(f"the base has no document '{name[:80]}'; it has: {there}")
    start, end = number(row, "start"), number(row, "end")
    if not quote.strip() and (document is None or start is None or end is None):
        raise ValueError("an expected passage needs its 'quote', or its document with 'start' and 'end'")
    if document is not None and start is None and quote.strip():
        start, end = place_of(document, quote)
    return Expected(quote, document, name, start, end)


def place_of(document: Document, quote: str) -> tuple[int | None, int | None]:
    """Where the quote stands in the document's text; nowhere where it does not stand there word for word."""
    from flowbuilder.knowledge.storage import read_text

    try:
        at = read_text(document).find(quote.strip())
    except FileNotFoundError:
        at = -1
    return (at, at + len(quote.strip())) if at >= 0 else (None, None)


def text(row: dict[str, Any], name: str) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(f"'{name}' is a text of at most {LONGEST:,} characters")
    return value


def number(row: dict[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value in (None, ""):
        return None
    try:
        found = int(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"'{name}' is a number of characters") from error
    if not 0 <= found < 2**31:
        raise ValueError(f"'{name}' is a number of characters")
    return found


async def rows(test_set: TestSet, file: str) -> AsyncIterator[dict[str, Any]]:
    """As ``take`` reads them."""
    async for case in test_set.cases.prefetch_related("expected").aiterator(chunk_size=200):
        passages = [passage_row(one) for one in case.expected.all()]
        whole = {"question": case.question, "expected_answer": case.expected_answer}
        if file == "jsonl":
            yield {**whole, "expected": passages}
            continue
        for passage in passages or [{}]:
            yield {**whole, **passage}


def passage_row(one: Any) -> dict[str, Any]:
    name = one.source if one.document_id else ""
    return {"document": name, "start": one.start, "end": one.end, "quote": one.quote}


def case_row(case: TestCase) -> dict[str, Any]:
    return {
        "id": case.pk,
        "question": case.question,
        "expected_answer": case.expected_answer,
        "origin": case.origin,
        "expected": [{"id": one.pk, **passage_row(one), "source": one.source} for one in case.expected.all()],
    }


def must_be_known(file: str) -> str:
    if file not in {"jsonl", "csv"}:
        raise ApiError("invalid", "Cases are read from and written to .jsonl and .csv files.", 422)
    return file
