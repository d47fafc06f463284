"""What every request passes: addresses that can be stored and compared, and ``request.asker``."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from flowbuilder.accounts.services import asker_of


class AskerMiddleware:
    """Puts ``request.asker`` on every request, looked up only when it is read.

    Works in both worlds, so that an async view costs no thread hop here.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]):
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if "\x00" in request.path or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("An address with a NUL: PostgreSQL compares with none, and nobody means one.")
        request.asker = SimpleLazyObject(lambda: asker_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)
