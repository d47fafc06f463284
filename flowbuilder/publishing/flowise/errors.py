"""Errors as Flowise's clients read them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from flowbuilder.accounts.errors import ApiError

SHOWN = {401, 403, 429}
"""The widget shows a body of these to the person, as it stands, where it asked for a stream."""


def refusal(request: HttpRequest, error: ApiError) -> HttpResponse:
    streams: bool = getattr(request, "flowise_streams", False)
    answer: HttpResponse
    if streams and error.status in SHOWN:
        answer = HttpResponse(error.message, content_type="text/plain; charset=utf-8", status=error.status)
    else:
        answer = JsonResponse(body(error), status=error.status)
    for name, value in error.headers.items():
        answer[name] = value
    return answer


def body(error: ApiError) -> dict[str, Any]:
    return {"statusCode": error.status, "success": False, "message": error.message}
