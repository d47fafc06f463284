"""The questions that people answered themselves: kept in a document of their own, found before any other passage."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Max

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Origin, Passage
from flowbuilder.knowledge.words import terms

NAME = "Answers"
LONGEST = 20_000


def keep(base: KnowledgeBase, question: str, answer: str, asker: Asker) -> Passage:
    """Answer so from now on. The same question again gets the new answer in place of the old one."""
    question, answer = question.strip(), answer.strip()
    if not question or not answer:
        raise ApiError("invalid", "An answer is kept with its question: neither may be empty.", 422)
    if len(question) + len(answer) > LONGEST:
        raise ApiError("invalid", f"A question and its answer may have {LONGEST:,} characters together.", 422)
    fields: dict[str, Any] = {
        "text": answer,
        "words": terms(question),
        "digest": hashlib.sha256(question.encode()).hexdigest(),
        "enabled": True,
        "edited": True,
        "vector": None,
    }
    with transaction.atomic():
        document = document_of(base)
        passage = document.passages.filter(question=question).first()
        if passage is None:
            last = document.passages.aggregate(last=Max("ordinal"))["last"]
            passage = Passage(
                base=base, document=document, question=question, ordinal=0 if last is None else last + 1
            )
        for name, value in fields.items():
            setattr(passage, name, value)
        passage.save()
        note(base, [passage.pk])
        record(asker=asker, action="answer.kept", subject=base.name, details={"question": question[:200]})
    return passage


def document_of(base: KnowledgeBase) -> Document:
    """The base's document of answers, made when the first is kept. Call it in a transaction."""
    KnowledgeBase.objects.select_for_update().get(pk=base.pk)
    known = base.documents.filter(origin=Origin.ANSWERS).first()
    return known or Document.objects.create(
        workspace_id=base.workspace_id,
        base=base,
        name=NAME,
        origin=Origin.ANSWERS,
        format="qa",
        size=0,
        sha256="",
        status=DocumentStatus.READY,
    )
