"""Knowledge over HTTP."""

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import Count
from django.http import HttpRequest
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.knowledge import services, uploads
from flowbuilder.knowledge.models import Document, KnowledgeBase
from flowbuilder.knowledge.retrieval.asking import ask
from nodes.knowledge.looking import Looking

must_edit = api_must(edits, "Your role may not change knowledge; ask an editor of the workspace.")

router = Router(tags=["knowledge"])


class NewBase(Schema):
    name: str = Field(min_length=1, max_length=100)


@router.get("/knowledge")
def list_bases(request: HttpRequest) -> list[dict[str, Any]]:
    return [base_row(base) for base in KnowledgeBase.objects.visible_to(request.asker)]


@router.post("/knowledge", response={201: dict[str, Any]})
def create_base(request: HttpRequest, body: NewBase) -> Any:
    must_edit(request)
    return Status(201, base_row(services.create_base(asker=request.asker, name=body.name)))


@router.get("/knowledge/{uuid:base_id}")
def get_base(request: HttpRequest, base_id: uuid.UUID) -> dict[str, Any]:
    base = find(request, base_id)
    return {**base_row(base), "documents": document_rows(base)}


@router.delete("/knowledge/{uuid:base_id}", response={204: None})
def delete_base(request: HttpRequest, base_id: uuid.UUID) -> Any:
    base = find(request, base_id)
    must_edit(request)
    services.delete_base(base, asker=request.asker)
    return Status(204, None)


@router.get("/knowledge/{uuid:base_id}/documents")
def list_documents(request: HttpRequest, base_id: uuid.UUID) -> list[dict[str, Any]]:
    return document_rows(find(request, base_id))


@router.post("/knowledge/{uuid:base_id}/documents", response={202: list[dict[str, Any]]})
def upload(
    request: HttpRequest, base_id: uuid.UUID, files: File[list[UploadedFile]], hold: bool = False
) -> Any:
    """Upload files (multipart field `files`). All are checked before the first is kept; with `hold` they are read, and wait
    for their splitting to be confirmed."""
    base = find(request, base_id)
    must_edit(request)
    read = [(uploads.name_of(file), uploads.read(file)) for file in files]
    for name, data in read:
        services.format_of(name, data)
    return Status(
        202,
        [
            document_row(services.add_document(base=base, name=name, data=data, hold=hold))
            for name, data in read
        ],
    )


@router.get("/knowledge/{uuid:base_id}/search")
async def search(
    request: HttpRequest, base_id: uuid.UUID, q: Query[str], limit: int = Query(4, ge=1, le=50)
) -> list[dict[str, Any]]:
    """Passages that match best, with the score of each index and the fused one."""
    base = await sync_to_async(find)(request, base_id)
    return (await ask([base], q, Looking(limit=limit)))["hits"]


class Question(Looking):
    question: str = Field(min_length=1, max_length=4000)


@router.post("/knowledge/{uuid:base_id}/search")
async def search_with(request: HttpRequest, base_id: uuid.UUID, body: Question) -> dict[str, Any]:
    """Search with settings of its own: `hits` with every index's score and the words that matched, `kept` (the
    likeliest of the answers that people gave), what each step took, and why meaning had no say where it had none."""
    base = await sync_to_async(find)(request, base_id)
    return await ask([base], body.question, Looking.model_validate(body.model_dump(exclude={"question"})))


def find(request: HttpRequest, base_id: uuid.UUID) -> KnowledgeBase:
    base = KnowledgeBase.objects.visible_to(request.asker).filter(pk=base_id).first()
    if base is None:
        raise ApiError("not_found", "There is no such knowledge base, or it is not yours.", 404)
    return base


def base_row(base: KnowledgeBase) -> dict[str, Any]:
    return {"id": str(base.pk), "name": base.name, "created_at": base.created_at}


def document_rows(base: KnowledgeBase) -> list[dict[str, Any]]:
    counted = base.documents.defer("sketch").annotate(passage_count=Count("passages"))
    # Said here: Django leaves a model's own ordering out of what it groups.
    documents = counted.order_by("created_at", "pk")
    return [document_row(document) for document in documents]


def document_row(document: Document) -> dict[str, Any]:
    counted = vars(document).get("passage_count")
    return {
        "id": str(document.pk),
        "name": document.name,
        "format": document.format,
        "origin": document.origin,
        "url": document.url,
        "size": document.size,
        "status": document.status,
        "phase": document.phase,
        "done": document.done,
        "planned": document.planned,
        "error": document.error,
        "enabled": document.enabled,
        "metadata": document.metadata,
        "splitting": document.splitting,
        "resembles": document.resembles_id and str(document.resembles_id),
        "resemblance": document.resemblance,
        "passages": document.passages.count() if counted is None else counted,
    }
