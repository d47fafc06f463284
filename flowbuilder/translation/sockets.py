"""The language of whoever opened a socket: the one they chose, else their browser's, as for a page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language_from_request


def language_of(scope: dict[str, Any]) -> str:
    asking = HttpRequest()
    asking.COOKIES = scope.get("cookies") or {}
    wanted = dict(scope.get("headers") or ()).get(b"accept-language", b"")
    asking.META["HTTP_ACCEPT_LANGUAGE"] = wanted.decode("latin-1")
    return get_language_from_request(asking)
