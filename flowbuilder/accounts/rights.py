"""What a role may do, asked where a request comes in. A refusal says what it is about and who may.

must_edit = api_must(edits, "Your role may not change flows; ask an editor of the workspace.")
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker

Right = Callable[[Asker], bool]
Must = Callable[[HttpRequest], None]


def edits(asker: Asker) -> bool:
    return asker.can_edit


def runs(asker: Asker) -> bool:
    return asker.can_run


def administers(asker: Asker) -> bool:
    return asker.can_administer


def api_must(may: Right, why: str) -> Must:
    """For an operation: 403 with the reason, in the shape of the API's errors."""

    def must(request: HttpRequest) -> None:
        if not request.asker or not may(request.asker):
            raise ApiError("forbidden", why, 403)

    return must


def page_must(may: Right, why: str = "") -> Must:
    """For a page: 403 with the reason (marked by ``gettext_noop``) in the reader's language."""

    def must(request: HttpRequest) -> None:
        if not request.asker or not may(request.asker):
            raise PermissionDenied(gettext(why) if why else "")

    return must
