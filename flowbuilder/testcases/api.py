"""Test sets over HTTP: cases, runs over them, two runs compared."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from flowbuilder import leases
from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.flows.api import find as find_flow
from flowbuilder.knowledge.api import find as find_base
from flowbuilder.knowledge.models import Document, KnowledgeBase, Passage
from flowbuilder.tables.reading import MOST_BYTES, file_of
from flowbuilder.tables.writing import attachment
from flowbuilder.testcases import comparing, files, recall_report, running, services
from flowbuilder.testcases.models import TestCase, TestResult, TestRun, TestRunStatus, TestSet
from flowbuilder.testcases.services import Expected, expected_of
from nodes.knowledge.looking import Looking

must_edit = api_must(edits, "Your role may not change test sets; ask an editor of the workspace.")

router = Router(tags=["tests"])
AT_ONCE = 200


class NewSet(Schema):
    name: str = Field(min_length=1, max_length=100)
    base: uuid.UUID | None = None
    flow: uuid.UUID | None = None


@router.get("/test-sets")
def list_test_sets(request: HttpRequest) -> list[dict[str, Any]]:
    return [set_row(found) for found in TestSet.objects.visible_to(request.asker)[:500]]


@router.post("/test-sets", response={201: dict[str, Any]})
def create_test_set(request: HttpRequest, body: NewSet) -> Any:
    """For a base (what is found), a flow (what is answered), or both."""
    base = find_base(request, body.base) if body.base else None
    flow = find_flow(request, body.flow) if body.flow else None
    must_edit(request)
    return Status(
        201, set_row(services.create_set(asker=request.asker, name=body.name, base=base, flow=flow))
    )


@router.get("/test-sets/{uuid:set_id}")
def get_test_set(request: HttpRequest, set_id: uuid.UUID) -> dict[str, Any]:
    return set_row(find(request, set_id))


@router.delete("/test-sets/{uuid:set_id}", response={204: None})
def delete_test_set(request: HttpRequest, set_id: uuid.UUID) -> Any:
    test_set = find(request, set_id)
    must_edit(request)
    audit.delete(asker=request.asker, thing=test_set, kind="test_set")
    return Status(204, None)


class ExpectedBody(Schema):
    passage: int | None = None
    """A passage of the set's base; or where it stands:"""
    document: uuid.UUID | None = None
    start: int | None = Field(None, ge=0, lt=2**31)
    end: int | None = Field(None, ge=0, lt=2**31)
    quote: str = Field("", max_length=100_000)


class CaseBody(Schema):
    question: str = Field(min_length=1, max_length=4000)
    expected_answer: str = Field("", max_length=100_000)
    expected: list[ExpectedBody] = Field([], max_length=50)


class Offset(Schema):
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get("/test-sets/{uuid:set_id}/cases")
def list_cases(request: HttpRequest, set_id: uuid.UUID, asked: Query[Offset]) -> dict[str, Any]:
    """Two hundred from ``offset`` on, and how many there are."""
    cases = find(request, set_id).cases.prefetch_related("expected")
    shown = cases[asked.offset : asked.offset + AT_ONCE]
    return {"total": cases.count(), "cases": [files.case_row(case) for case in shown]}


@router.post("/test-sets/{uuid:set_id}/cases", response={201: dict[str, Any]})
def add_case(request: HttpRequest, set_id: uuid.UUID, body: CaseBody) -> Any:
    """The same question again takes the place of what was expected before."""
    test_set = find(request, set_id)
    must_edit(request)
    case = services.add_case(
        test_set=test_set,
        question=body.question,
        expected_answer=body.expected_answer,
        expected=expected(test_set.base, body.expected),
        asker=request.asker,
    )
    return Status(201, files.case_row(case))


@router.put("/test-sets/{uuid:set_id}/cases/{int:case_id}")
def change_case(request: HttpRequest, set_id: uuid.UUID, case_id: int, body: CaseBody) -> dict[str, Any]:
    case = find_case(request, set_id, case_id)
    must_edit(request)
    changed = services.change_case(
        case=case,
        question=body.question,
        expected_answer=body.expected_answer,
        expected=expected(case.set.base, body.expected),
    )
    return files.case_row(changed)


@router.delete("/test-sets/{uuid:set_id}/cases/{int:case_id}", response={204: None})
def delete_case(request: HttpRequest, set_id: uuid.UUID, case_id: int) -> Any:
    case = find_case(request, set_id, case_id)
    must_edit(request)
    audit.delete(asker=request.asker, thing=case, kind="test_case")
    return Status(204, None)


@router.post("/test-sets/{uuid:set_id}/import", response={201: dict[str, int]})
def import_cases(request: HttpRequest, set_id: uuid.UUID, file: UploadedFile = File(...)) -> Any:
    """Multipart field ``file``: .jsonl or .csv. All its cases come in, or none."""
    test_set = find(request, set_id)
    must_edit(request)
    kind = files.must_be_known(file_of(file.name or ""))
    return Status(
        201,
        {"cases": files.take(asker=request.asker, test_set=test_set, data=read_upload(file), file=kind)},
    )


class CaseExport(Schema):
    file: Literal["jsonl", "csv"] = "jsonl"


@router.get("/test-sets/{uuid:set_id}/export")
def export_cases(request: HttpRequest, set_id: uuid.UUID, asked: Query[CaseExport]) -> StreamingHttpResponse:
    test_set = find(request, set_id)
    return attachment(
        files.rows(test_set, asked.file), file=asked.file, columns=files.COLUMNS, name="test-cases"
    )


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


@router.get("/test-runs/{uuid:test_run_id}/recall")
def recall_of_test_run(request: HttpRequest, test_run_id: uuid.UUID) -> StreamingHttpResponse:
    """TigerLab's recall report as CSV: query, retrieved and expected ids, recall, and the average."""
    report = recall_report.report_of(find_run(request, test_run_id))
    return attachment(
        recall_report.lines(report), file="csv", columns=recall_report.COLUMNS, name="recall-report"
    )


@router.post("/recall-reports")
def read_recall_report(request: HttpRequest, file: UploadedFile = File(...)) -> dict[str, Any]:
    """Multipart field ``file``, a CSV with ``query``, ``retrieved_ids`` and ``expected_ids`` → recall of each query and
    the average. Nothing is kept."""
    report = recall_report.read(read_upload(file))
    rows = [
        {"query_id": row.query_id, "query": row.query, "recall": round(row.recall, 4)} for row in report.rows
    ]
    return {"average": round(report.average, 4), "queries": rows}


def read_upload(file: UploadedFile) -> bytes:
    if (file.size or 0) > MOST_BYTES:
        raise ApiError("too_large", f"A file may have {MOST_BYTES // 2**20} MB; divide this one.", 413)
    return bytes(file.read())


def expected(base: KnowledgeBase | None, bodies: list[ExpectedBody]) -> list[Expected]:
    """Passages and documents are those of the set's base, whoever names others."""
    found: list[Expected] = []
    for body in bodies:
        if body.passage is not None:
            passages = Passage.objects.filter(pk=body.passage, base=base).select_related("document")
            if base is None or not passages:
                raise ApiError("not_found", f"The set's base has no passage {body.passage}.", 404)
            found += expected_of(passages)
            continue
        document = None
        if body.document is not None:
            document = Document.objects.filter(pk=body.document, base=base).first() if base else None
            if document is None:
                raise ApiError("not_found", "The set's base has no such document.", 404)
        if not body.quote.strip() and (document is None or body.start is None or body.end is None):
            raise ApiError("invalid", "An expected passage needs a 'quote', or a place in a 'document'.", 422)
        found.append(Expected(body.quote, document, "", body.start, body.end))
    return found


def find(request: HttpRequest, set_id: uuid.UUID) -> TestSet:
    test_set = (
        TestSet.objects.visible_to(request.asker).select_related("base", "flow").filter(pk=set_id).first()
    )
    if test_set is None:
        raise ApiError("not_found", "There is no such test set, or it is not yours.", 404)
    return test_set


def find_case(request: HttpRequest, set_id: uuid.UUID, case_id: int) -> TestCase:
    case = find(request, set_id).cases.filter(pk=case_id).first()
    if case is None:
        raise ApiError("not_found", "There is no such case in this set.", 404)
    return case


def find_run(request: HttpRequest, test_run_id: uuid.UUID) -> TestRun:
    sets = TestSet.objects.visible_to(request.asker)
    test_run = TestRun.objects.filter(set__in=sets, pk=test_run_id).select_related("set").first()
    if test_run is None:
        raise ApiError("not_found", "There is no such test run, or it is not yours.", 404)
    return test_run


def set_row(test_set: TestSet) -> dict[str, Any]:
    newest = test_set.runs.filter(status=TestRunStatus.FINISHED).first()
    return {
        "id": str(test_set.pk),
        "name": test_set.name,
        "base": str(test_set.base_id) if test_set.base_id else None,
        "flow": str(test_set.flow_id) if test_set.flow_id else None,
        "cases": test_set.cases.count(),
        "metrics": newest.metrics if newest else None,
        "created_at": test_set.created_at,
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
