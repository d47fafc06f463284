"""The cases of a test set over HTTP, one by one and as files."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.models import Document, KnowledgeBase, Passage
from flowbuilder.tables.reading import file_of, uploaded
from flowbuilder.tables.writing import attachment
from flowbuilder.testcases import files, services
from flowbuilder.testcases.api.finding import AT_ONCE, Offset, find, find_case, must_edit
from flowbuilder.testcases.services import Expected, expected_of

router = Router(tags=["tests"])


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
        {"cases": files.take(asker=request.asker, test_set=test_set, data=uploaded(file), file=kind)},
    )


class CaseExport(Schema):
    file: Literal["jsonl", "csv"] = "jsonl"


@router.get("/test-sets/{uuid:set_id}/export")
def export_cases(request: HttpRequest, set_id: uuid.UUID, asked: Query[CaseExport]) -> StreamingHttpResponse:
    test_set = find(request, set_id)
    return attachment(
        files.rows(test_set, asked.file), file=asked.file, columns=files.COLUMNS, name="test-cases"
    )


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
