"""Django's middlewares of which none waits for anything, run where an async request is: in the event loop.

Django hands each of their halves to a thread and back, which takes more of the processor than they do (a call passed
twenty-four threads, and now passes ten). What could ask the database, as a session that has changed, still goes to a thread.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, cast

from asgiref.sync import sync_to_async
from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware


class InTheLoop:
    """What ``MiddlewareMixin`` does for async requests, without a thread."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        own = cast(Any, self)
        answer: HttpResponseBase | None = None
        if hasattr(own, "process_request"):
            answer = own.process_request(request)
        if not answer:
            answer = await cast(Awaitable[HttpResponseBase], own.get_response(request))
        if not hasattr(own, "process_response"):
            return answer
        if self.waits(request):
            return cast(HttpResponseBase, await sync_to_async(own.process_response)(request, answer))
        return cast(HttpResponseBase, own.process_response(request, answer))

    def waits(self, request: HttpRequest) -> bool:
        """Whether the second half may ask the database."""
        return False


class Security(InTheLoop, SecurityMiddleware):
    pass


class ContentSecurity(InTheLoop, CSPMiddleware):
    pass


class Sessions(InTheLoop, SessionMiddleware):
    def waits(self, request: HttpRequest) -> bool:
        return request.session.modified or request.session.accessed


class Language(InTheLoop, LocaleMiddleware):
    pass


class Common(InTheLoop, CommonMiddleware):
    pass


class Authentication(InTheLoop, AuthenticationMiddleware):
    pass


class Messages(InTheLoop, MessageMiddleware):
    def waits(self, request: HttpRequest) -> bool:
        told = vars(request).get("_messages")
        return bool(told is not None and (told.used or told.added_new))


class Frames(InTheLoop, XFrameOptionsMiddleware):
    pass
