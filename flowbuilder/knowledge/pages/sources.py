"""A page's address or pasted text into a base."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge import sources
from flowbuilder.knowledge.pages.finding import find_base, must_edit
from flowbuilder.knowledge.pages.listing import contents


@login_required
@require_POST
def add(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """An address where there is one, or else text."""
    base = find_base(request, base_id)
    must_edit(request)
    url, text, hold = request.POST.get("url", ""), request.POST.get("text", ""), "hold" in request.POST
    page: dict[str, object] = {}
    try:
        if url.strip():
            sources.add_url(base=base, url=url, hold=hold)
        else:
            sources.add_text(base=base, name=request.POST.get("name", ""), text=text, hold=hold)
    except ApiError as refused:
        page = {
            "refused": [refused.message],
            "url": url,
            "text": text,
            "opened": "url" if url.strip() else "text",
        }
    if not request.htmx and not page:
        return redirect("knowledge:base", base.pk)
    template = "knowledge/uploaded.html" if request.htmx else "knowledge/base.html"
    return render(request, template, {**contents(base), **page}, status=422 if page else 200)
