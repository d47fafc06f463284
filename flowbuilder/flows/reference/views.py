"""The reference in the browser."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from flowbuilder.flows.nodes import plugins
from flowbuilder.flows.reference.entries import by_category, entry


@login_required
@require_GET
def node_list(request: HttpRequest) -> HttpResponse:
    return render(request, "flows/nodes.html", {"groups": by_category(), "plugins": plugins()})


@login_required
@require_GET
def node_page(request: HttpRequest, type_id: str) -> HttpResponse:
    found = entry(type_id)
    if found is None:
        raise Http404
    return render(request, "flows/node.html", {"entry": found})
