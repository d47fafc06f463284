"""One view renders the page, or for htmx just the part that it swaps."""

from django.http import HttpRequest


def is_partial(request: HttpRequest) -> bool:
    return bool(request.htmx) and request.htmx.request_type == "partial"
