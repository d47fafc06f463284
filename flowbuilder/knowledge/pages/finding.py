"""What the pages of knowledge look up, and who may change it."""

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.knowledge.models import Document, KnowledgeBase, Passage

must_edit = page_must(
    edits, gettext_noop("Your role may not change knowledge; ask an editor of the workspace.")
)


def find_base(request: HttpRequest, base_id: uuid.UUID) -> KnowledgeBase:
    return get_object_or_404(KnowledgeBase.objects.visible_to(request.asker), pk=base_id)


def find_document(request: HttpRequest, document_id: uuid.UUID) -> Document:
    visible = Document.objects.visible_to(request.asker).defer("sketch").select_related("base", "resembles")
    return get_object_or_404(visible, pk=document_id)


def find_passage(request: HttpRequest, passage_id: int) -> Passage:
    passages = Passage.objects.filter(document__in=Document.objects.visible_to(request.asker))
    return get_object_or_404(
        passages.select_related("document", "base").defer("words", "vector"), pk=passage_id
    )
