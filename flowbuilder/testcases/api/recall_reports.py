"""TigerLab's recall report over HTTP: of a run, or of a file."""

import uuid
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from flowbuilder.tables.reading import uploaded
from flowbuilder.tables.writing import attachment
from flowbuilder.testcases import recall_report
from flowbuilder.testcases.api.finding import find_run

router = Router(tags=["tests"])


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
    report = recall_report.read(uploaded(file))
    rows = [
        {"query_id": row.query_id, "query": row.query, "recall": round(row.recall, 4)} for row in report.rows
    ]
    return {"average": round(report.average, 4), "queries": rows}
