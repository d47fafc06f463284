"""Cross-origin requests to /api/v1/: allowed to the sites that the flow's owner listed, without cookies, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.cache import patch_vary_headers

from flowbuilder.accounts.both_worlds import InBothWorlds
from flowbuilder.publishing.doors import allows
from flowbuilder.publishing.flowise.entrance import may_ask, open_doors, rated_here
from flowbuilder.publishing.models import Doors

BELOW = "/api/v1/"
HEADER_NAMES = re.compile(r"[A-Za-z0-9-]{1,60}(\s*,\s*[A-Za-z0-9-]{1,60}){0,20}")


class FlowiseCrossOrigin(InBothWorlds):
    """Answers preflights, and tells the browser that a page may read the answer to what its site was let in for."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if not request.path.startswith(BELOW):
            return cast(HttpResponseBase, self.get_response(request))
        if iscoroutinefunction(self):
            return self._later(request)
        return preflight(request) if asks_before(request) else marked(request, self.get_response(request))

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        if asks_before(request):
            return await sync_to_async(preflight)(request)
        return marked(request, await self.get_response(request))


def asks_before(request: HttpRequest) -> bool:
    return request.method == "OPTIONS" and "Origin" in request.headers


def marked(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(cast(HttpResponse, answer), ["Origin"])
    if let_in := vars(request).get("flowise_origin"):
        answer["Access-Control-Allow-Origin"] = let_in
        answer["Access-Control-Expose-Headers"] = "Retry-After"
    return answer


def preflight(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(status=204)
    origin = request.headers["Origin"]
    if _allowed(request, origin):
        wished = request.headers.get("Access-Control-Request-Headers", "")
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Allow-Methods"] = "GET, POST, PUT"
        answer["Access-Control-Allow-Headers"] = wished if HEADER_NAMES.fullmatch(wished) else "content-type"
        answer["Access-Control-Max-Age"] = "600"
    patch_vary_headers(answer, ["Origin"])
    return answer


def _allowed(request: HttpRequest, origin: str) -> bool:
    """Of the flow that the address names; an address that names none is asked again when the body is known."""
    try:
        parameters = resolve(request.path).kwargs
    except Http404:
        return False
    if named := parameters.get("flow_id") or parameters.get("subject"):
        rating = None if "flow_id" in parameters else rated_here(named)
        doors = open_doors(str(rating.flow_id) if rating else named)
        return doors is not None and may_ask(request, doors, origin)
    open_ones = Doors.objects.filter(flowise=True, flow__published_version__isnull=False)
    return any(allows(doors, origin) for doors in open_ones.only("sites", "any_site").iterator())
