"""The page on which a flow moves: says first what does not come along."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.services import CHOSEN
from flowbuilder.publishing.rights import find
from flowbuilder.publishing.transfer import moving


@login_required
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """GET says what would happen; POST does it, and goes along to the other workspace."""
    flow = find(request, flow_id)
    if not request.asker.can_manage:
        raise PermissionDenied
    page = {
        "flow": flow,
        "workspaces": moving.targets(request.asker),
        "left_behind": moving.left_behind(flow),
        "keys": moving.keys_of(flow),
    }
    if request.method == "GET":
        return render(request, "sharing/transfer.html", page)
    try:
        wanted = uuid.UUID(request.POST.get("workspace", ""))
    except ValueError:
        raise Http404 from None
    try:
        moved = moving.move(asker=request.asker, flow=flow, workspace_id=wanted)
    except ApiError as error:
        if error.status == 404:
            raise Http404 from error
        return render(request, "sharing/transfer.html", {**page, "error": error.message}, status=error.status)
    request.session[CHOSEN] = str(moved.workspace_id)
    return redirect("flows:editor", moved.pk)
