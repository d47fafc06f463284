"""How a document is or would be split, side by side, and committing it; and what a base's documents start with."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.fragments import is_partial
from flowbuilder.knowledge import resplitting
from flowbuilder.knowledge.ingestion.pieces import settings_of
from flowbuilder.knowledge.models import DocumentStatus, KnowledgeBase
from flowbuilder.knowledge.pages.finding import find_base, find_document, must_edit
from flowbuilder.knowledge.pages.split_form import SplitForm
from flowbuilder.knowledge.splitting import SplitSettings

PIECES_A_PAGE = 20


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request-Type")
def document_splitting(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    document = find_document(request, document_id)
    current = settings_of(document)
    asked = request.POST if request.method == "POST" else request.GET
    form = SplitForm(asked) if "method" in asked else SplitForm.of(current)
    wanted = _settings(form)
    if request.method == "POST":
        must_edit(request)
        if wanted is not None:
            return _commit(request, document_id, wanted)
    page: dict[str, Any] = {
        "document": document,
        "form": form,
        "here": "splitting",
        "held": _held(document.base),
    }
    try:
        if document.passages.exists():
            page["now"] = resplitting.preview(document, current)
        if wanted is not None:
            page["changed"] = resplitting.preview(document, wanted)
            page["same"] = wanted == current
            pieces = [piece for piece in page["changed"].pieces if not piece.is_parent]
            page["pieces"] = Paginator(pieces, PIECES_A_PAGE).get_page(asked.get("page", "1"))
    except ApiError as not_yet:
        page["not_yet"] = not_yet.message
    template = "knowledge/splitting_body.html" if is_partial(request) else "knowledge/splitting.html"
    return render(request, template, page, status=422 if request.method == "POST" else 200)


def _settings(form: SplitForm) -> SplitSettings | None:
    """None where the form says what is wrong."""
    if form.is_bound and not form.is_valid():
        return None
    try:
        return resplitting.parsed(form.chosen())
    except ApiError as refused:
        for wrong in refused.details:
            form.add_error(wrong["field"] if wrong["field"] in form.fields else None, wrong["message"])
        return None


def _commit(request: HttpRequest, document_id: uuid.UUID, wanted: SplitSettings) -> HttpResponse:
    document = find_document(request, document_id)
    documents = [document]
    if request.POST.get("scope") == "held":
        documents += list(_held(document.base).exclude(pk=document.pk))
    resplitting.split_again(documents, wanted, drop_edited="drop_edited" in request.POST)
    if "as_default" in request.POST:
        resplitting.set_default(document.base, wanted)
    messages.success(
        request,
        ngettext(
            "%(count)d document is split like this now. Until that is done, its old passages are found.",
            "%(count)d documents are split like this now. Until that is done, their old passages are found.",
            len(documents),
        )
        % {"count": len(documents)},
    )
    return redirect("knowledge:base", document.base_id)


def _held(base: KnowledgeBase) -> Any:
    return base.documents.filter(status=DocumentStatus.HELD).defer("sketch")


@login_required
@require_http_methods(["GET", "POST"])
def base_settings(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    base = find_base(request, base_id)
    form = (
        SplitForm(request.POST)
        if request.method == "POST"
        else SplitForm.of(resplitting.parsed(base.splitting or {}))
    )
    if request.method == "POST":
        must_edit(request)
        wanted = _settings(form)
        if wanted is not None:
            resplitting.set_default(base, wanted)
            following = list(
                base.documents.filter(splitting=None, origin__in=["file", "url", "text"]).defer("sketch")
            )
            if "split_again" in request.POST:
                resplitting.split_again([one for one in following if not one.is_pending], None)
            messages.success(request, _("Kept."))
            return redirect("knowledge:settings", base.pk)
    return render(
        request, "knowledge/settings.html", {"base": base, "form": form}, status=422 if form.errors else 200
    )
