"""The documents of a base as its page lists them: filtered, a page of them at a time."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, QueryDict

from flowbuilder.knowledge.formats import ACCEPTED, SUFFIXES
from flowbuilder.knowledge.models import PENDING, Document, DocumentStatus, KnowledgeBase, Origin

DOCUMENTS_A_PAGE = 50
STATES = {
    "pending": Q(status__in=PENDING),
    "held": Q(status=DocumentStatus.HELD),
    "ready": Q(status=DocumentStatus.READY),
    "failed": Q(status__in=[DocumentStatus.FAILED, DocumentStatus.CANCELLED]),
    "off": Q(enabled=False),
}


def contents(base: KnowledgeBase, asked: QueryDict | None = None) -> dict[str, Any]:
    """``asked`` may name words of a name or metadata (``find``), a state (``is``) and a page."""
    asked = asked if asked is not None else QueryDict()
    words, state = asked.get("find", "").strip()[:100], asked.get("is", "")
    everything = base.documents.exclude(origin=Origin.ANSWERS)
    chosen = everything.filter(STATES.get(state, Q()))
    for word in words.split():
        chosen = chosen.filter(Q(name__icontains=word) | Q(metadata__icontains=word))
    rows = chosen.defer("sketch").select_related("resembles").annotate(passage_count=Count("passages"))
    found = Paginator(rows.order_by("created_at", "pk"), DOCUMENTS_A_PAGE).get_page(asked.get("page", "1"))
    held = everything.filter(status=DocumentStatus.HELD)
    return {
        "base": base,
        "documents": found,
        "pending": everything.filter(status__in=PENDING).count(),
        "total": everything.count(),
        "held": held.count(),
        "first_held": held.order_by("created_at").only("pk").first(),
        "answered": base.passages.exclude(question="").count(),
        "find": words,
        "state": state,
        "query": asked.urlencode(),
        "formats": ACCEPTED,
        "suffixes": SUFFIXES,
    }


def those(request: HttpRequest, base: KnowledgeBase) -> list[Document]:
    """Of the base's documents those that a form chose."""
    ids = [one for one in request.POST.getlist("document") if one]
    return list(base.documents.filter(pk__in=ids).exclude(origin=Origin.ANSWERS).defer("sketch"))
