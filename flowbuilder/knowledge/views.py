"""The pages of bases: their list; a base with its documents; what is found in it."""

import uuid
from time import perf_counter

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from flowbuilder.accounts.letting_in import let_in_or_sign_in
from flowbuilder.fragments import is_partial
from flowbuilder.knowledge import services, uploads
from flowbuilder.knowledge.formats import ACCEPTED
from flowbuilder.knowledge.forms import NewBaseForm
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.knowledge.pages.finding import find_base, must_edit
from flowbuilder.knowledge.pages.listing import contents
from flowbuilder.knowledge.retrieval.asking import ask
from nodes.knowledge.looking import Looking

HITS = 5
LONGEST_QUESTION = 1000
PASSAGES_A_PAGE = 20


@login_required
@require_http_methods(["GET", "POST"])
def base_list(request: HttpRequest) -> HttpResponse:
    form = NewBaseForm(request.POST or None)
    if request.method == "POST":
        must_edit(request)
        if base := form.create(request.asker):
            return redirect("knowledge:base", base.pk)
    page = {"bases": KnowledgeBase.objects.visible_to(request.asker).with_counts(), "form": form}
    return render(request, "knowledge/list.html", page, status=422 if form.errors else 200)


@let_in_or_sign_in
@require_GET
@vary_on_headers("HX-Request-Type")
def base_detail(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """A base; to htmx its documents alone, which it asks for while some of them are pending."""
    page = contents(find_base(request, base_id), request.GET)
    return render(request, "knowledge/documents.html" if is_partial(request) else "knowledge/base.html", page)


@login_required
@require_POST
def delete_base(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    base = find_base(request, base_id)
    must_edit(request)
    services.delete_base(base, asker=request.asker)
    messages.success(request, _("“%(name)s” and its documents are deleted.") % {"name": base.name})
    return (
        HttpResponseClientRedirect(reverse("knowledge:list")) if request.htmx else redirect("knowledge:list")
    )


@login_required
@require_POST
def upload(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """Keeps what can be read and names every file that cannot."""
    base = find_base(request, base_id)
    must_edit(request)
    files = request.FILES.getlist("files")
    refused, repeated = uploads.take(base=base, files=files, hold="hold" in request.POST)
    if not files:
        refused = [_("No file came with the upload: choose %(formats)s.") % {"formats": ACCEPTED}]
    page = {**contents(base), "refused": refused, "repeated": repeated}
    template = "knowledge/uploaded.html" if request.htmx else "knowledge/base.html"
    return render(request, template, page, status=422 if refused else 200)


@let_in_or_sign_in
@require_GET
@vary_on_headers("HX-Request-Type")
async def search(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    base = await sync_to_async(find_base)(request, base_id)
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    started = perf_counter()
    found = await ask([base], question, Looking(limit=HITS)) if question else {"hits": []}
    hits = found["hits"]
    answer = {
        "base": base,
        "question": question,
        "hits": hits,
        "milliseconds": round((perf_counter() - started) * 1000),
        "by_words_alone": bool(hits and found["why_not_meaning"]),
    }
    if is_partial(request):
        return await sync_to_async(render)(request, "knowledge/hits.html", answer)
    page = await sync_to_async(contents)(base)
    return await sync_to_async(render)(request, "knowledge/base.html", {**page, **answer})
