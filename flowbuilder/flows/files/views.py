"""The page on which flows come in as files."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.files.api import read_uploads
from flowbuilder.flows.files.taking import Existing, take


@login_required
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST imports, and says of each file what became of it."""
    if request.method == "GET":
        return _page(request)
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied
    chosen = request.FILES.getlist("files")
    wanted = request.POST.get("existing")
    existing = Existing(wanted) if wanted in set(Existing) else Existing.COPY
    if not chosen:
        return _page(request, error=_("Choose at least one file."), existing=existing, status=422)
    try:
        taken = take(asker=request.asker, files=read_uploads(chosen), existing=existing)
    except ApiError as error:
        return _page(request, error=error.message, existing=existing, status=422)
    return _page(request, taken=taken, existing=existing)


def _page(request: HttpRequest, status: int = 200, **page: Any) -> HttpResponse:
    choices = [
        (Existing.COPY, _("Keep it and make another")),
        (Existing.REPLACE, _("Replace its draft")),
        (Existing.KEEP, _("Leave the file out")),
    ]
    return render(request, "flows/files.html", {"choices": choices, **page}, status=status)
