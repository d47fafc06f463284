"""Cases that a flow has already: its test sets', and what people said should have been answered."""

from __future__ import annotations

from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.models import Flow
from flowbuilder.prompting.cases import MOST_CASES, Case
from flowbuilder.testcases.models import TestCase


def cases_of(flow: Flow) -> list[Case]:
    """The newest of each question; a correction outdoes what a test set expects only where it is newer."""
    newest: dict[str, tuple[float, Case]] = {}
    for at, case in [*_tested(flow), *_corrected(flow)]:
        known = newest.get(case.question)
        if known is None or known[0] < at:
            newest[case.question] = (at, case)
    return [case for _, case in sorted(newest.values(), key=lambda pair: -pair[0])][:MOST_CASES]


def _tested(flow: Flow) -> list[tuple[float, Case]]:
    found = TestCase.objects.filter(set__flow=flow).exclude(expected_answer="").order_by("-id")[:MOST_CASES]
    return [
        (
            case.created_at.timestamp(),
            Case(question=case.question, expected=case.expected_answer, origin="test set"),
        )
        for case in found
        if case.question.strip() and case.expected_answer.strip()
    ]


def _corrected(flow: Flow) -> list[tuple[float, Case]]:
    """The run's question, not the prompt that stood before the model: the flow is asked anew."""
    found = Rating.objects.filter(flow=flow, kind=Kind.CORRECTION, run__isnull=False).exclude(correction="")
    pairs = []
    for rating in found.select_related("run").order_by("-created_at")[:MOST_CASES]:
        question = str(rating.run.inputs.get("question") or "")
        if question.strip() and rating.correction.strip():
            case = Case(question=question, expected=rating.correction, origin="correction")
            pairs.append((rating.created_at.timestamp(), case))
    return pairs
