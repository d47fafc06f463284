"""Runs of a test set over HTTP: started, watched, compared."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.testcases import comparing, running
from flowbuilder.testcases.api.finding import AT_ONCE, Offset, find, find_run, must_edit
from flowbuilder.testcases.models import TestResult, TestRun
from nodes.knowledge.looking import Looking

router = Router(tags=["tests"])


class NewTestRun(Schema):
    looking: Looking = Looking(limit=10)
    answers: bool = False
    """Whether the set's flow answers each question, too."""
    note: str = Field("", max_length=200)
    """What was changed before it."""


@router.get("/test-sets/{uuid:set_id}/runs")
def list_test_runs(request: HttpRequest, set_id: uuid.UUID) -> list[dict[str, Any]]:
    return [run_row(test_run) for test_run in find(request, set_id).runs.all()[:AT_ONCE]]


@router.post("/test-sets/{uuid:set_id}/runs", response={202: dict[str, Any]})
def start_test_run(request: HttpRequest, set_id: uuid.UUID, body: NewTestRun) -> Any:
    """Ask every question of the set; a worker does."""
    test_set = find(request, set_id)
    must_edit(request)
    made = running.order(
        asker=request.asker, test_set=test_set, looking=body.looking, answers=body.answers, note=body.note
    )
    return Status(202, run_row(made))


@router.get("/test-runs/{uuid:test_run_id}")
def get_test_run(request: HttpRequest, test_run_id: uuid.UUID, asked: Query[Offset]) -> dict[str, Any]:
    """With two hundred of its results from ``offset`` on."""
    test_run = find_run(request, test_run_id)
    results = test_run.results.all()[asked.offset : asked.offset + AT_ONCE]
    return {**run_row(test_run), "results": [result_row(result) for result in results]}


@router.post("/test-runs/{uuid:test_run_id}/cancellation", response={202: dict[str, Any]})
def cancel_test_run(request: HttpRequest, test_run_id: uuid.UUID) -> Any:
    test_run = find_run(request, test_run_id)
    must_edit(request)
    leases.cancel(test_run)
    test_run.refresh_from_db()
    return Status(202, run_row(test_run))


class ComparedRuns(Schema):
    before: uuid.UUID | None = None
    """Without it, the finished run before it."""


@router.get("/test-runs/{uuid:test_run_id}/comparison")
def compare_test_runs(
    request: HttpRequest, test_run_id: uuid.UUID, asked: Query[ComparedRuns]
) -> dict[str, Any]:
    """What changed since another run of the same set: figures, and the regressions by name."""
    after = find_run(request, test_run_id)
    before = find_run(request, asked.before) if asked.before else comparing.run_before(after)
    if before is None:
        return {"before": None, "figures": [], "regressions": [], "improvements": [], "same": 0}
    if before.set_id != after.set_id:
        raise ApiError("invalid", "These are runs of different sets: nothing in them can be compared.", 422)
    found = comparing.compare(before, after)
    return {
        "before": str(before.pk),
        "figures": [{"name": name, "before": one, "after": two} for name, one, two in found.figures],
        "regressions": [change_row(change) for change in found.regressions],
        "improvements": [change_row(change) for change in found.improvements],
        "same": found.same,
    }


def run_row(test_run: TestRun) -> dict[str, Any]:
    return {
        "id": str(test_run.pk),
        "set": str(test_run.set_id),
        "note": test_run.note,
        "status": test_run.status,
        "error": test_run.error,
        "looking": test_run.retrieval,
        "answers": test_run.answers,
        "planned": test_run.planned,
        "done": test_run.results.count(),
        "metrics": test_run.metrics,
        "created_at": test_run.created_at,
        "ended_at": test_run.ended_at,
    }


def result_row(result: TestResult) -> dict[str, Any]:
    return {
        "case": result.case_id,
        "question": result.question,
        "measures": result.measures,
        "found": result.found,
        "missed": result.missed,
        "answer": result.answer,
        "run": str(result.run_id) if result.run_id else None,
        "error": result.error,
        "seconds": result.seconds,
    }


def change_row(change: comparing.Change) -> dict[str, Any]:
    return {
        "case": change.case,
        "question": change.question,
        "measures": {name: {"before": one, "after": two} for name, (one, two) in change.measures.items()},
        "lost": change.lost,
        "gained": change.gained,
        "before": {"found": change.before.found, "answer": change.before.answer},
        "after": {"found": change.after.found, "answer": change.after.answer},
    }
