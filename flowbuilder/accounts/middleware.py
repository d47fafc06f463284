"""What every request passes: addresses that can be stored and compared, and ``request.asker``."""

from collections.abc import Awaitable
from typing import cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from flowbuilder.accounts.both_worlds import InBothWorlds
from flowbuilder.accounts.services import asker_of


class AskerMiddleware(InBothWorlds):
    """Puts ``request.asker`` on every request, looked up only when it is read."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if "\x00" in request.path or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("An address with a NUL: PostgreSQL compares with none, and nobody means one.")
        request.asker = SimpleLazyObject(lambda: asker_of(request))  # type: ignore[attr-defined]
        return cast(HttpResponseBase | Awaitable[HttpResponseBase], self.get_response(request))
