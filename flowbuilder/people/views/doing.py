"""What a button of a page does: where it may not be done, the page says why."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from flowbuilder.accounts.errors import ApiError


def done(request: HttpRequest, then: str, work: Callable[..., Any], **about: Any) -> HttpResponse:
    """To the page ``then``, with the reason where ``work`` could not be done; a right that is missing is a 403."""
    try:
        work(asker=request.asker, **about)
    except ApiError as error:
        if error.status == 403:
            raise PermissionDenied(error.message) from error
        messages.error(request, error.message)
    return redirect(then)
