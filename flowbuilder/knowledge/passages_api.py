"""Passages over HTTP: listed, written, changed, switched off, deleted; and the questions that people answered."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge import answers, passages
from flowbuilder.knowledge.api import find, must_edit
from flowbuilder.knowledge.documents_api import find_document
from flowbuilder.knowledge.models import Document, Passage

router = Router(tags=["knowledge"])


class NewPassage(Schema):
    text: str = Field(min_length=1, max_length=passages.LONGEST)
    heading: str = Field("", max_length=300)
    question: str = Field(
        "", max_length=passages.LONGEST, description="Searched in place of the text, which answers it."
    )
    after: int | None = Field(
        None, description="The passage that it stands behind; last where it names none."
    )


class PassageChanges(Schema):
    text: str | None = Field(None, min_length=1, max_length=passages.LONGEST)
    heading: str | None = Field(None, max_length=300)
    question: str | None = Field(None, max_length=passages.LONGEST)
    enabled: bool | None = None


class Answer(Schema):
    question: str = Field(min_length=1, max_length=passages.LONGEST)
    answer: str = Field(min_length=1, max_length=passages.LONGEST)


@router.get("/documents/{uuid:document_id}/passages")
def list_passages(
    request: HttpRequest,
    document_id: uuid.UUID,
    after: Annotated[int, Query(ge=-1)] = -1,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[dict[str, Any]]:
    """In order, those whose ordinal is above `after`."""
    rows = find_document(request, document_id).passages.filter(ordinal__gt=after).defer("words", "vector")
    return [passage_row(passage) for passage in rows.order_by("ordinal")[:limit]]


@router.post("/documents/{uuid:document_id}/passages", response={201: dict[str, Any]})
def add_passage(request: HttpRequest, document_id: uuid.UUID, body: NewPassage) -> Any:
    document = find_document(request, document_id)
    must_edit(request)
    after = None
    if body.after is not None:
        after = document.passages.filter(pk=body.after).first()
        if after is None:
            raise ApiError("not_found", f"The document has no passage {body.after}.", 404)
    added = passages.add(document, text=body.text, heading=body.heading, question=body.question, after=after)
    return Status(201, passage_row(added))


@router.get("/passages/{int:passage_id}")
def get_passage(request: HttpRequest, passage_id: int) -> dict[str, Any]:
    return passage_row(find_passage(request, passage_id))


@router.patch("/passages/{int:passage_id}")
def change_passage(request: HttpRequest, passage_id: int, body: PassageChanges) -> dict[str, Any]:
    """The next question sees it; only this passage is embedded again."""
    passage = find_passage(request, passage_id)
    must_edit(request)
    return passage_row(passages.change(passage, **body.model_dump(exclude_none=True)))


@router.delete("/passages/{int:passage_id}", response={204: None})
def delete_passage(request: HttpRequest, passage_id: int) -> Any:
    passage = find_passage(request, passage_id)
    must_edit(request)
    passages.remove(passage, asker=request.asker)
    return Status(204, None)


@router.get("/knowledge/{uuid:base_id}/answers")
def list_answers(
    request: HttpRequest, base_id: uuid.UUID, limit: Annotated[int, Query(ge=1, le=500)] = 100, after: int = 0
) -> list[dict[str, Any]]:
    """Questions and answers of the base, by id; those above `after`."""
    base = find(request, base_id)
    rows = Passage.objects.filter(base=base, pk__gt=after).exclude(question="").defer("words", "vector")
    return [passage_row(passage) for passage in rows.order_by("pk")[:limit]]


@router.post("/knowledge/{uuid:base_id}/answers", response={201: dict[str, Any]})
def keep_answer(request: HttpRequest, base_id: uuid.UUID, body: Answer) -> Any:
    """From the next ask on; the same question again gets the new answer."""
    base = find(request, base_id)
    must_edit(request)
    return Status(201, passage_row(answers.keep(base, body.question, body.answer, request.asker)))


def find_passage(request: HttpRequest, passage_id: int) -> Passage:
    documents = Document.objects.visible_to(request.asker)
    passage = (
        Passage.objects.filter(document__in=documents, pk=passage_id)
        .select_related("document", "base")
        .first()
    )
    if passage is None:
        raise ApiError("not_found", "There is no such passage, or it is not yours.", 404)
    return passage


def passage_row(passage: Passage) -> dict[str, Any]:
    names = ("ordinal", "heading", "question", "text", "start", "end", "searched", "enabled", "edited")
    return {
        "id": passage.pk,
        "document": str(passage.document_id),
        "parent": passage.parent_id,
        **{name: getattr(passage, name) for name in names},
    }
