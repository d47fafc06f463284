"""Two runs of a set, question by question: which got worse, and what it lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flowbuilder.testcases.models import TestResult, TestRun, TestRunStatus

TOLD_BY = ("R@5", "RR", "nDCG@10", "agreement")


@dataclass(frozen=True)
class Change:
    """One question that came out differently."""

    case: int | None
    question: str
    before: TestResult
    after: TestResult
    measures: dict[str, tuple[float, float]]
    """Those that differ: before and after."""
    lost: list[dict[str, Any]]
    """Expected passages that were found before."""
    gained: list[dict[str, Any]]
    answers_differ: bool

    @property
    def worse(self) -> bool:
        return bool(self.lost) or any(after < before for before, after in self.measures.values())


@dataclass(frozen=True)
class Comparison:
    before: TestRun
    after: TestRun
    regressions: list[Change] = field(default_factory=list)
    improvements: list[Change] = field(default_factory=list)
    same: int = 0
    figures: list[tuple[str, float, float]] = field(default_factory=list)
    """Name, before, after."""


def run_before(test_run: TestRun) -> TestRun | None:
    """The newest finished run of the set that was started earlier."""
    earlier = test_run.set.runs.filter(status=TestRunStatus.FINISHED, created_at__lt=test_run.created_at)
    return earlier.first()


def compare(before: TestRun, after: TestRun) -> Comparison:
    """Of the cases that both asked."""
    known = {result.case_id: result for result in before.results.exclude(case=None)}
    regressions, improvements, same = [], [], 0
    for result in after.results.exclude(case=None):
        if (earlier := known.get(result.case_id)) is None:
            continue
        change = change_of(earlier, result)
        if not change.measures and not change.lost and not change.gained:
            same += 1
        elif change.worse:
            regressions.append(change)
        else:
            improvements.append(change)
    names = [name for name in before.metrics if name in after.metrics]
    figures = [(name, before.metrics[name], after.metrics[name]) for name in names]
    return Comparison(before, after, regressions, improvements, same, figures)


def change_of(before: TestResult, after: TestResult) -> Change:
    measures = {
        name: (before.measures[name], after.measures[name])
        for name in TOLD_BY
        if name in before.measures
        and name in after.measures
        and before.measures[name] != after.measures[name]
    }
    missed_before = {one["id"]: one for one in before.missed}
    missed_after = {one["id"]: one for one in after.missed}
    return Change(
        case=after.case_id,
        question=after.question,
        before=before,
        after=after,
        measures=measures,
        lost=[one for pk, one in missed_after.items() if pk not in missed_before],
        gained=[one for pk, one in missed_before.items() if pk not in missed_after],
        answers_differ=before.answer != after.answer,
    )
