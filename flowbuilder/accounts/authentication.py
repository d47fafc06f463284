"""How the HTTP API learns who asks: a bearer key, or a browser session with its CSRF token.

``request.asker`` is who asked; ``await request.ask_again()`` is who that still is, for answers that last.
"""

from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from flowbuilder.accounts.letting_in import Where
from flowbuilder.accounts.models import Asker
from flowbuilder.accounts.services import asker_from_key, asker_from_session, asker_of


class BearerKey(HttpBearer):
    """``Authorization: Bearer fb_...``"""

    async def authenticate(self, request: HttpRequest, token: str) -> Asker | None:
        request.ask_again = partial(sync_to_async(asker_from_key), token)  # type: ignore[attr-defined]
        asker = await sync_to_async(asker_from_key)(token)
        request.asker = asker  # type: ignore[attr-defined]
        return asker


class SessionCookie(APIKeyCookie):
    """The browser's session; writes need the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    async def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        if not key:
            return None
        again = partial(sync_to_async(asker_from_session), key, Where.of(request))
        request.ask_again = again  # type: ignore[attr-defined]
        asker = await sync_to_async(asker_of)(request)
        request.asker = asker  # type: ignore[attr-defined]
        return asker
