"""A document: its passages, its text with the passages outlined, and what is done to it and to many at once."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.letting_in import let_in_or_sign_in
from flowbuilder.fragments import is_partial
from flowbuilder.knowledge import metadata, resplitting, services, sources
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Origin
from flowbuilder.knowledge.pages.finding import find_base, find_document, must_edit
from flowbuilder.knowledge.pages.listing import contents, those
from flowbuilder.knowledge.pages.outline import outline
from flowbuilder.knowledge.storage import read_text

PASSAGES_A_PAGE = 20


@let_in_or_sign_in
@require_GET
@vary_on_headers("HX-Request-Type")
def detail(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """A page of its passages; ``?passage=`` opens the one that holds it, ``?start=&end=`` the text at that place."""
    document = find_document(request, document_id)
    if "start" in request.GET:
        return text(request, document_id)
    rows = document.passages.defer("vector", "words").order_by("ordinal")
    number = request.GET.get("page", "1")
    wanted = request.GET.get("passage", "")
    if wanted.isdecimal() and (passage := rows.filter(pk=wanted).first()):
        number = str(rows.filter(ordinal__lt=passage.ordinal).count() // PASSAGES_A_PAGE + 1)
    page = {
        "document": document,
        "passages": Paginator(rows, PASSAGES_A_PAGE).get_page(number),
        "here": "passages",
    }
    template = "knowledge/passages.html" if is_partial(request) else "knowledge/document.html"
    return render(request, template, page)


@let_in_or_sign_in
@require_GET
def text(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    document = find_document(request, document_id)
    try:
        shown = outline(document, read_text(document), request.GET)
    except FileNotFoundError:
        shown = None
    return render(request, "knowledge/text.html", {"document": document, "shown": shown, "here": "text"})


@login_required
@require_POST
def delete(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    document = find_document(request, document_id)
    must_edit(request)
    services.delete_document(document, asker=request.asker)
    return listed(request, document.base)


@login_required
@require_POST
def retry(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """From its bytes; the page of an address is fetched again."""
    document = find_document(request, document_id)
    must_edit(request)
    if document.origin == Origin.URL and not document.is_pending:
        sources.fetch_again(document)
    elif document.status in {DocumentStatus.FAILED, DocumentStatus.CANCELLED}:
        services.retry_document(document)
    return listed(request, document.base)


@login_required
@require_POST
def cancel(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    document = find_document(request, document_id)
    must_edit(request)
    resplitting.cancel(document)
    return listed(request, document.base)


@login_required
@require_POST
def describe(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Puts one value of its metadata, or takes one away."""
    document = find_document(request, document_id)
    must_edit(request)
    page: dict[str, Any] = {"document": document}
    try:
        metadata.change([document], put=_named(request), remove=request.POST.getlist("remove"))
    except ApiError as refused:
        document.refresh_from_db(fields=["metadata"])
        page["refused"] = refused.message
    if not request.htmx and "refused" not in page:
        return redirect("knowledge:document", document.pk)
    return render(request, "knowledge/metadata.html", page, status=422 if "refused" in page else 200)


@login_required
@require_POST
def switch(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    document = find_document(request, document_id)
    must_edit(request)
    services.switch([document], enabled=request.POST.get("enabled") == "yes")
    return redirect("knowledge:document", document.pk)


@login_required
@require_POST
def change_many(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """The chosen documents are switched, split again, described, or deleted."""
    base = find_base(request, base_id)
    must_edit(request)
    page: dict[str, Any] = {}
    try:
        documents, action = those(request, base), request.POST.get("action", "")
        _do(action, documents, request)
        page["done"] = _("Done for %(count)d documents.") % {"count": len(documents)}
    except (ApiError, ValidationError) as refused:
        page["failed"] = (
            refused.message if isinstance(refused, ApiError) else _("Some of them are no documents.")
        )
    return listed(request, base, status=422 if "failed" in page else 200, **page)


def _do(action: str, documents: list[Document], request: HttpRequest) -> None:
    if not documents:
        raise ApiError("invalid", _("Choose documents first."), 422)
    if action in {"on", "off"}:
        services.switch(documents, enabled=action == "on")
    elif action == "split":
        ready = [document for document in documents if not document.is_pending]
        for document in ready:
            own = None if document.splitting is None else resplitting.parsed(document.splitting)
            resplitting.split_again([document], own)
    elif action == "describe":
        metadata.change(documents, put=_named(request))
    elif action == "delete":
        for document in documents:
            services.delete_document(document, asker=request.asker)
    else:
        raise ApiError("invalid", _("Choose what is to be done with them."), 422)


def _named(request: HttpRequest) -> dict[str, metadata.Value]:
    name = request.POST.get("name", "").strip()
    return {name: metadata.parse(request.POST.get("value", ""))} if name else {}


def listed(request: HttpRequest, base: KnowledgeBase, status: int = 200, **more: Any) -> HttpResponse:
    if request.htmx:
        return render(request, "knowledge/documents.html", {**contents(base), **more}, status=status)
    return redirect("knowledge:base", base.pk)
