"""One passage in its list: shown, edited in place, switched, deleted; and new ones."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge import passages
from flowbuilder.knowledge.models import Passage
from flowbuilder.knowledge.pages.finding import find_document, find_passage, must_edit

FIELDS = ("text", "heading", "question")


@login_required
@require_http_methods(["GET", "POST"])
def passage(request: HttpRequest, passage_id: int) -> HttpResponse:
    """Its card; with ``?edit`` the form in its place."""
    found = find_passage(request, passage_id)
    if request.method == "GET":
        return card(request, found, editing="edit" in request.GET and request.asker.can_edit)
    must_edit(request)
    sent = {name: request.POST[name] for name in FIELDS if name in request.POST}
    try:
        found = passages.change(found, **sent)
    except ApiError as refused:
        return card(request, found, editing=True, status=422, refused=refused.message, sent=sent)
    return card(request, found)


@login_required
@require_POST
def switch(request: HttpRequest, passage_id: int) -> HttpResponse:
    found = find_passage(request, passage_id)
    must_edit(request)
    return card(request, passages.change(found, enabled=request.POST.get("enabled") == "yes"))


@login_required
@require_POST
def delete(request: HttpRequest, passage_id: int) -> HttpResponse:
    found = find_passage(request, passage_id)
    must_edit(request)
    passages.remove(found, asker=request.asker)
    return HttpResponse() if request.htmx else redirect("knowledge:document", found.document_id)


@login_required
@require_POST
def add(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    document = find_document(request, document_id)
    must_edit(request)
    sent = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        found = passages.add(document, **sent)
    except ApiError as refused:
        page = {"document": document, "refused": refused.message, "sent": sent}
        return render(request, "knowledge/new_passage.html", page, status=422)
    if request.htmx:
        return render(request, "knowledge/added_passage.html", {"document": document, "passage": found})
    return redirect(f"/knowledge/documents/{document.pk}/?passage={found.pk}#passage-{found.pk}")


def card(request: HttpRequest, found: Passage, *, status: int = 200, **more: Any) -> HttpResponse:
    if not request.htmx and status == 200 and not more.get("editing"):
        return redirect(f"/knowledge/documents/{found.document_id}/?passage={found.pk}#passage-{found.pk}")
    return render(request, "knowledge/passage.html", {"passage": found, **more}, status=status)
