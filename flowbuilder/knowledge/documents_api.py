"""Documents over HTTP: where they come from, how they are split, what is known of them."""

import uuid
from typing import Annotated, Any

from django.db.models import Count
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge import metadata, resplitting, services, sources
from flowbuilder.knowledge.api import document_row, find, must_edit
from flowbuilder.knowledge.models import Document, Origin
from flowbuilder.knowledge.resplitting import Preview, parsed
from flowbuilder.knowledge.splitting import SplitSettings
from flowbuilder.knowledge.storage import read_text

router = Router(tags=["knowledge"])
MOST_AT_ONCE = 500
LONGEST_STRETCH = 100_000


class NewAddress(Schema):
    url: str = Field(min_length=1, max_length=2000)
    hold: bool = Field(False, description="Fetch and read it, and wait for its splitting to be confirmed.")


class NewText(Schema):
    text: str = Field(min_length=1)
    name: str = Field("", max_length=255)
    hold: bool = False


class Resplit(Schema):
    splitting: dict[str, Any] | None = Field(
        None, description="Settings of its own (`GET .../splitting` shows them all); null takes the base's."
    )
    drop_edited: bool = Field(False, description="Also replace passages that somebody wrote or changed.")


class Changes(Schema):
    documents: list[uuid.UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)
    put: dict[str, Any] = Field({}, description="Name to text, number, true or false, or list of texts.")
    remove: list[str] = []


class DocumentChanges(Schema):
    enabled: bool | None = None
    metadata: dict[str, Any] | None = Field(None, description="All of it anew.")
    name: str | None = Field(None, min_length=1, max_length=255)


@router.post("/knowledge/{uuid:base_id}/addresses", response={202: dict[str, Any]})
def add_address(request: HttpRequest, base_id: uuid.UUID, body: NewAddress) -> Any:
    """A page: a worker fetches it, from public addresses and from hosts that an administrator lists."""
    base = find(request, base_id)
    must_edit(request)
    return Status(202, document_row(sources.add_url(base=base, url=body.url, hold=body.hold)))


@router.post("/knowledge/{uuid:base_id}/texts", response={202: dict[str, Any]})
def add_text(request: HttpRequest, base_id: uuid.UUID, body: NewText) -> Any:
    """Pasted text, read as Markdown."""
    base = find(request, base_id)
    must_edit(request)
    return Status(
        202, document_row(sources.add_text(base=base, name=body.name, text=body.text, hold=body.hold))
    )


@router.get("/knowledge/{uuid:base_id}/splitting")
def base_splitting(request: HttpRequest, base_id: uuid.UUID) -> dict[str, Any]:
    """How documents without settings of their own are split."""
    return SplitSettings.model_validate(find(request, base_id).splitting or {}).model_dump(mode="json")


@router.put("/knowledge/{uuid:base_id}/splitting")
def set_base_splitting(request: HttpRequest, base_id: uuid.UUID, body: SplitSettings) -> dict[str, Any]:
    """From the next splitting on; documents that are ready stay as they are until they are split again."""
    base = find(request, base_id)
    must_edit(request)
    resplitting.set_default(base, body)
    return body.model_dump(mode="json")


@router.post("/knowledge/{uuid:base_id}/metadata")
def change_metadata(request: HttpRequest, base_id: uuid.UUID, body: Changes) -> list[dict[str, Any]]:
    """Of many documents at once."""
    base = find(request, base_id)
    must_edit(request)
    documents = list(base.documents.filter(pk__in=body.documents).defer("sketch"))
    if len(documents) < len(set(body.documents)):
        raise ApiError("not_found", "Some of the documents are not in this base.", 404)
    metadata.change(documents, put=body.put, remove=body.remove)
    return [{"id": str(document.pk), "metadata": document.metadata} for document in documents]


@router.get("/documents/{uuid:document_id}")
def get_document(request: HttpRequest, document_id: uuid.UUID) -> dict[str, Any]:
    return document_row(find_document(request, document_id))


@router.patch("/documents/{uuid:document_id}")
def change_document(request: HttpRequest, document_id: uuid.UUID, body: DocumentChanges) -> dict[str, Any]:
    document = find_document(request, document_id)
    must_edit(request)
    if body.metadata is not None:
        metadata.change([document], put=body.metadata, remove=set(document.metadata) - set(body.metadata))
    if body.name is not None:
        document.name = body.name
        document.save(update_fields=["name"])
    if body.enabled is not None:
        services.switch([document], enabled=body.enabled)
    return document_row(find_document(request, document_id))


@router.delete("/documents/{uuid:document_id}", response={204: None})
def delete_document(request: HttpRequest, document_id: uuid.UUID) -> Any:
    document = find_document(request, document_id)
    must_edit(request)
    services.delete_document(document, asker=request.asker)
    return Status(204, None)


@router.get("/documents/{uuid:document_id}/text")
def get_text(
    request: HttpRequest,
    document_id: uuid.UUID,
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int | None, Query(ge=0)] = None,
) -> dict[str, Any]:
    """What was read from it, from `start` up to `end`, at most 100,000 characters at once."""
    document = find_document(request, document_id)
    try:
        text = read_text(document)
    except FileNotFoundError as error:
        raise ApiError("not_ready", f"'{document.name}' has not been read.", 409) from error
    stop = min(len(text) if end is None else end, start + LONGEST_STRETCH)
    return {"text": text[start:stop], "start": start, "end": min(stop, len(text)), "length": len(text)}


@router.get("/documents/{uuid:document_id}/splitting")
def splitting(request: HttpRequest, document_id: uuid.UUID) -> dict[str, Any]:
    """How it is split, and what that gives."""
    return preview_row(resplitting.preview(find_document(request, document_id)))


@router.post("/documents/{uuid:document_id}/splitting/preview")
def preview_splitting(request: HttpRequest, document_id: uuid.UUID, body: SplitSettings) -> dict[str, Any]:
    """The passages as they would be with the settings in the body; nothing changes."""
    return preview_row(resplitting.preview(find_document(request, document_id), body))


@router.put("/documents/{uuid:document_id}/splitting", response={202: dict[str, Any]})
def split_again(request: HttpRequest, document_id: uuid.UUID, body: Resplit) -> Any:
    """Split it so, from what was read before. A document that was held is thereby committed."""
    document = find_document(request, document_id)
    must_edit(request)
    settings = None if body.splitting is None else parsed(body.splitting)
    resplitting.split_again([document], settings, drop_edited=body.drop_edited)
    return Status(202, document_row(find_document(request, document_id)))


@router.post("/documents/{uuid:document_id}/indexing", response={202: dict[str, Any]})
def retry(request: HttpRequest, document_id: uuid.UUID) -> Any:
    """Read it again from its bytes; a page is fetched again."""
    document = find_document(request, document_id)
    must_edit(request)
    if document.origin == Origin.URL:
        sources.fetch_again(document)
    else:
        services.retry_document(document)
    return Status(202, document_row(find_document(request, document_id)))


@router.delete("/documents/{uuid:document_id}/indexing")
def cancel(request: HttpRequest, document_id: uuid.UUID) -> dict[str, Any]:
    """Stop what its worker does. Passages that it had before stay."""
    document = find_document(request, document_id)
    must_edit(request)
    resplitting.cancel(document)
    return document_row(find_document(request, document_id))


def find_document(request: HttpRequest, document_id: uuid.UUID) -> Document:
    visible = Document.objects.visible_to(request.asker).defer("sketch").select_related("base", "resembles")
    document = visible.annotate(passage_count=Count("passages")).filter(pk=document_id).first()
    if document is None:
        raise ApiError("not_found", "There is no such document, or it is not yours.", 404)
    return document


def preview_row(found: Preview) -> dict[str, Any]:
    return {
        "settings": found.settings.model_dump(mode="json"),
        **found.figures,
        "parents": found.parents,
        "unit": found.settings.unit,
        "histogram": found.histogram,
        "of_the_beginning_only": found.cut_off,
        "edited_kept": found.kept,
        "left_out_for_edited": found.left_out,
        "error": found.error,
        "pieces": [
            {
                "heading": piece.heading,
                "question": piece.question,
                "text": piece.text,
                "start": piece.start,
                "end": piece.end,
                "parent": piece.parent,
                "is_parent": piece.is_parent,
            }
            for piece in found.pieces[: resplitting.SHOWN]
        ],
    }
