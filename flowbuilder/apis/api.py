"""API descriptions over HTTP."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.apis import finding, mocking, services, uploads
from flowbuilder.apis.models import ApiDescription, Operation, Revision

must_edit = api_must(edits, "Your role may not change API descriptions; ask an editor of the workspace.")

router = Router(tags=["apis"])
MOST_LISTED = 2000
MOCKED = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@router.get("/apis")
def list_descriptions(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        row(description) for description in ApiDescription.objects.visible_to(request.asker).with_counts()
    ]


@router.post("/apis", response={201: dict[str, Any]})
def import_description(
    request: HttpRequest,
    text: str = Form(""),
    name: str = Form("", max_length=100),
    example: str = Form(""),
    file: UploadedFile | None = File(None),
) -> Any:
    """Import a document (multipart `file`, or `text`): OpenAPI 3, Swagger 2, a Postman collection, curl commands."""
    must_edit(request)
    sent = uploads.text_of(file, text)
    description = services.import_description(asker=request.asker, text=sent, name=name, example=example)
    return Status(201, detail(description))


@router.get("/apis/{uuid:description_id}")
def get_description(request: HttpRequest, description_id: uuid.UUID) -> dict[str, Any]:
    return detail(find(request, description_id))


@router.delete("/apis/{uuid:description_id}", response={204: None})
def delete_description(request: HttpRequest, description_id: uuid.UUID) -> Any:
    description = find(request, description_id)
    must_edit(request)
    services.delete_description(asker=request.asker, description=description)
    return Status(204, None)


@router.get("/apis/{uuid:description_id}/document")
def get_document(request: HttpRequest, description_id: uuid.UUID) -> dict[str, Any]:
    """As OpenAPI 3, whatever it was imported from."""
    document: dict[str, Any] = find(request, description_id).document
    return document


@router.get("/apis/{uuid:description_id}/revisions")
def list_revisions(request: HttpRequest, description_id: uuid.UUID) -> list[dict[str, Any]]:
    return [revision_row(revision) for revision in find(request, description_id).revisions.all()]


@router.post("/apis/{uuid:description_id}/revisions", response={201: dict[str, Any]})
def import_again(
    request: HttpRequest,
    description_id: uuid.UUID,
    text: str = Form(""),
    example: str = Form(""),
    file: UploadedFile | None = File(None),
) -> Any:
    """Import the next revision; says what differs. Operations that stay keep their ids."""
    description = find(request, description_id)
    must_edit(request)
    sent = uploads.text_of(file, text)
    revision = services.import_again(asker=request.asker, description=description, text=sent, example=example)
    return Status(201, revision_row(revision))


@router.get("/operations")
def list_operations(request: HttpRequest, q: str = Query("", max_length=500)) -> list[dict[str, Any]]:
    """Operations of all descriptions; with `q`, the twenty that such a question is most likely about."""
    there = (
        Operation.objects.visible_to(request.asker)
        .light()
        .order_by("description__name", "position")[:MOST_LISTED]
    )
    return [operation_row(each) for each in (finding.nearest(there, q, 20) if q.strip() else there)]


@router.get("/operations/{uuid:operation_id}")
def get_operation(request: HttpRequest, operation_id: uuid.UUID) -> dict[str, Any]:
    operation = find_operation(request, operation_id)
    return {
        **operation_row(operation),
        "about": operation.about,
        "parameters": operation.parameters,
        "request": operation.request,
        "responses": operation.responses,
    }


@router.get("/operations/{uuid:operation_id}/mock")
def preview(
    request: HttpRequest,
    operation_id: uuid.UUID,
    status: str = Query("", pattern=r"^([1-5]\d\d)?$"),
    seed: int | None = Query(None, ge=0, lt=2**53),
) -> dict[str, Any]:
    """An answer made from the schema; the same seed gives the same one."""
    made = mocking.preview(find_operation(request, operation_id), status, seed)
    return {"status": made.status, "seed": made.seed, "body": made.body}


@router.api_operation(MOCKED, "/apis/{uuid:description_id}/mock/{path:path}")
def mock(request: HttpRequest, description_id: uuid.UUID, path: str) -> HttpResponse:
    """Answers as the described API would. `Prefer: code=404` picks an answer, `Prefer: seed=7` or `?mock_seed=7` makes it again."""
    description = find(request, description_id)
    sent = request.body
    is_json, body = _body(sent)
    asked = mocking.Asked(
        method=str(request.method),
        path=path,
        query={name: value for name, value in request.GET.items() if name != "mock_seed"},
        body=body,
        has_body=bool(sent),
        is_json=is_json,
        prefer=request.headers.get("Prefer", "")[:200],
        seed=request.GET.get("mock_seed", ""),
    )
    made = mocking.answer(description, asked)
    content = json.dumps(made.body, ensure_ascii=False).encode() if made.has_body else b""
    answer = HttpResponse(content, status=made.status, content_type="application/json")
    answer["X-Mock-Seed"] = str(made.seed)
    return answer


def _body(sent: bytes) -> tuple[bool, Any]:
    """Whether it is JSON, and what it says."""
    try:
        return True, json.loads(sent) if sent else None
    except (ValueError, RecursionError):
        return False, None


def find(request: HttpRequest, description_id: uuid.UUID) -> ApiDescription:
    found: ApiDescription | None = (
        ApiDescription.objects.visible_to(request.asker).filter(pk=description_id).first()
    )
    if found is None:
        raise ApiError("not_found", "There is no such API description, or it is not yours.", 404)
    return found


def find_operation(request: HttpRequest, operation_id: uuid.UUID) -> Operation:
    there = Operation.objects.visible_to(request.asker).select_related("description")
    found: Operation | None = there.defer("description__document").filter(pk=operation_id).first()
    if found is None:
        raise ApiError("not_found", "There is no such operation, or it is not yours.", 404)
    return found


def row(description: ApiDescription) -> dict[str, Any]:
    fields = ("name", "title", "version", "source", "revision", "created_at", "updated_at")
    return {"id": str(description.pk), **{field: getattr(description, field) for field in fields}}


def detail(description: ApiDescription) -> dict[str, Any]:
    operations = [operation_row(operation) for operation in description.operations.light()]
    return {**row(description), "description": description.description, "operations": operations}


def operation_row(operation: Operation) -> dict[str, Any]:
    fields = ("ref", "method", "path", "operation_id", "summary", "tags")
    return {"id": str(operation.pk), **{field: getattr(operation, field) for field in fields}}


def revision_row(revision: Revision) -> dict[str, Any]:
    fields = ("number", "version", "source", "differences", "created_at")
    return {field: getattr(revision, field) for field in fields}
