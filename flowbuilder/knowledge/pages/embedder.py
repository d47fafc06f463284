"""The page of a base's embedder. To htmx its card alone, which asks for itself while the base changes over."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.fragments import is_partial
from flowbuilder.knowledge import reembedding
from flowbuilder.knowledge.embedders import SHIPPED, on_the_shelf
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.knowledge.pages.finding import find_base, must_edit


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request-Type")
def choose(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    base = find_base(request, base_id)
    refused = ""
    if request.method == "POST":
        must_edit(request)
        try:
            _take(request, base)
        except ApiError as error:
            refused = error.message
        if not refused and not request.htmx:
            return redirect("knowledge:embedder", base.pk)
    page = {"base": base, "told": reembedding.told(base), "shelf": on_the_shelf(), "refused": refused}
    page["wanted"] = request.POST.get("other", "")
    template = (
        "knowledge/embedder_card.html" if is_partial(request) or request.htmx else "knowledge/embedder.html"
    )
    return render(request, template, page, status=422 if refused else 200)


def _take(request: HttpRequest, base: KnowledgeBase) -> None:
    if "stay" in request.POST:
        reembedding.cancel(base)
        return
    other = request.POST.get("other", "").strip()[:200]
    reembedding.choose(base, other or request.POST.get("embedder", SHIPPED)[:200], request.asker)
