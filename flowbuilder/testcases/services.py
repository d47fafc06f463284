"""What is done to test sets and their cases: made, changed, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import Document, KnowledgeBase, Passage
from flowbuilder.runs.models import Run
from flowbuilder.testcases.models import ExpectedPassage, Origin, TestCase, TestSet

MOST_CASES = 5000


@dataclass(frozen=True)
class Expected:
    """A stretch of a document; without a place the quote says what is meant."""

    quote: str
    document: Document | None = None
    source: str = ""
    start: int | None = None
    end: int | None = None


def expected_of(passages: Iterable[Passage]) -> list[Expected]:
    return [
        Expected(passage.text, passage.document, passage.document.name, passage.start, passage.end)
        for passage in passages
    ]


def create_set(
    *, asker: Asker, name: str, base: KnowledgeBase | None = None, flow: Flow | None = None
) -> TestSet:
    if base is None and flow is None:
        raise ApiError(
            "invalid", "A test set is for a knowledge base, a flow, or both: name at least one.", 422
        )
    try:
        with transaction.atomic():
            return TestSet.objects.create(
                workspace=asker.workspace, name=name.strip()[:100], base=base, flow=flow
            )
    except IntegrityError as error:
        raise ApiError("conflict", f"There already is a test set called '{name}'.", 409) from error


def set_of(*, asker: Asker, base: KnowledgeBase | None = None, flow: Flow | None = None) -> TestSet:
    """The oldest set of this base and flow, made where there is none."""
    known = TestSet.objects.filter(workspace=asker.workspace, base=base, flow=flow).first()
    if known is not None:
        return known
    about = " · ".join(str(thing) for thing in (base, flow) if thing is not None)[:90]
    taken = set(
        TestSet.objects.filter(workspace=asker.workspace, name__startswith=about).values_list(
            "name", flat=True
        )
    )
    candidates = (about if number == 1 else f"{about} {number}" for number in range(1, len(taken) + 2))
    return create_set(
        asker=asker, name=next(name for name in candidates if name not in taken), base=base, flow=flow
    )


def add_case(
    *,
    test_set: TestSet,
    question: str,
    expected_answer: str = "",
    expected: Sequence[Expected] = (),
    origin: str = Origin.WRITTEN,
    run: Run | None = None,
    asker: Asker | None = None,
) -> TestCase:
    """One more case; the same question again takes the place of what was expected before."""
    question = question.strip()
    must_expect(question, expected_answer, expected)
    with transaction.atomic():
        TestSet.objects.select_for_update().get(pk=test_set.pk)
        case = test_set.cases.filter(question=question).first()
        if case is None and test_set.cases.count() >= MOST_CASES:
            raise ApiError("too_many", f"A test set holds at most {MOST_CASES} cases; begin another.", 422)
        case = case or TestCase(set=test_set, question=question)
        case.expected_answer, case.origin, case.run = expected_answer, origin, run
        case.person = asker.user if asker else None
        case.save()
        replace_expected(case, expected)
    return case


def change_case(
    *,
    case: TestCase,
    question: str,
    expected_answer: str = "",
    expected: Sequence[Expected] | None = None,
) -> TestCase:
    """``expected`` None leaves the passages as they are."""
    must_expect(question, expected_answer, case.expected.all() if expected is None else expected)
    with transaction.atomic():
        case.question, case.expected_answer = question.strip(), expected_answer
        case.save(update_fields=["question", "expected_answer"])
        if expected is not None:
            replace_expected(case, expected)
    return case


def must_expect(question: str, expected_answer: str, expected: Any) -> None:
    if not question.strip():
        raise ApiError("invalid", "A test case needs a question.", 422)
    if not expected_answer.strip() and not expected:
        raise ApiError(
            "invalid", "A test case needs something to hold to: an expected answer, or a passage.", 422
        )


def replace_expected(case: TestCase, expected: Sequence[Expected]) -> None:
    case.expected.all().delete()
    ExpectedPassage.objects.bulk_create(
        ExpectedPassage(
            case=case,
            document=one.document,
            source=one.source or (one.document.name if one.document else ""),
            start=one.start,
            end=one.end,
            quote=one.quote,
        )
        for one in expected
    )
