"""Pages of imports: what came in, and the report of each."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.files.taking import Existing
from flowbuilder.importing import services
from flowbuilder.importing.api import read_uploads
from flowbuilder.importing.models import Import, Status
from flowbuilder.importing.reading import shown


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """GET shows the drop zone and what came before; POST reads files and shows what would be made of them."""
    if request.method == "GET":
        return _list(request)
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied
    files = request.FILES.getlist("files")
    if not files:
        return _list(request, error=_("Choose at least one file."), status=422)
    try:
        found = services.preview(asker=request.asker, files=read_uploads(files))
    except ApiError as error:
        return _list(request, error=error.message, status=error.status)
    return redirect("importing:one", found.pk)


@login_required
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """The report; POST makes what a preview says, or throws it away."""
    found = get_object_or_404(Import.objects.visible_to(request.asker).defer("held"), pk=import_id)
    error = ""
    if request.method == "POST":
        if not request.asker.can_edit:
            raise PermissionDenied
        if request.POST.get("does") == "discard":
            audit.delete(asker=request.asker, thing=found, kind="import")
            return redirect("importing:list")
        wanted = request.POST.get("existing")
        existing = Existing(wanted) if wanted in set(Existing) else Existing.COPY
        try:
            services.make(asker=request.asker, imported=found, existing=existing)
            return redirect("importing:one", found.pk)
        except ApiError as refused:
            error = refused.message
    page = {
        "found": found,
        "shown": shown(found),
        "error": error,
        "is_preview": found.status == Status.PREVIEW,
    }
    page["choices"] = [
        (Existing.COPY, _("Keep it and make another")),
        (Existing.REPLACE, _("Replace its draft")),
        (Existing.KEEP, _("Leave the file out")),
    ]
    return render(request, "importing/one.html", page, status=422 if error else 200)


def _list(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    there = Import.objects.visible_to(request.asker).defer("held")[:50]
    return render(request, "importing/list.html", {"imports": there, "error": error}, status=status)
