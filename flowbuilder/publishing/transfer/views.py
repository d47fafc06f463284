"""The page on which a thing moves: says first what goes along, what does not, and why it cannot go now."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.reach import Thing
from flowbuilder.accounts.services import CHOSEN
from flowbuilder.publishing.transfer import flows, moving
from flowbuilder.publishing.transfer.targets import targets
from flowbuilder.sharing.finding import find_thing
from flowbuilder.sharing.things import address_of
from flowbuilder.sharing.views import as_page


@login_required
@require_http_methods(["GET", "POST"])
def transfer_flow(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    return answer(request, *as_page(lambda: find_thing(request, "flow", flow_id)))


@login_required
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> HttpResponse:
    return answer(request, *as_page(lambda: find_thing(request, kind, thing_id)))


def answer(request: HttpRequest, thing: Thing, row: Any) -> HttpResponse:
    """GET says what would happen; POST does it, and goes along to the other workspace."""
    how = moving.MOVES[thing.kind]
    page = {
        "kind": thing.kind,
        "thing": row,
        "back": address_of(thing.kind, thing.id),
        "how": how,
        "reasons": how.reasons(row),
        "workspaces": targets(request.asker),
        "left_behind": flows.left_behind(row) if thing.kind == "flow" else [],
        "keys": flows.keys_of(row) if thing.kind == "flow" else [],
    }
    if request.method == "GET":
        return render(request, "sharing/transfer.html", page)
    try:
        wanted = uuid.UUID(request.POST.get("workspace", ""))
    except ValueError:
        raise Http404 from None
    try:
        moved = moving.move(asker=request.asker, thing=thing, workspace_id=wanted)
    except ApiError as error:
        if error.status == 404:
            raise Http404 from error
        return render(request, "sharing/transfer.html", page, status=error.status)
    request.session[CHOSEN] = str(moved.workspace_id)
    return redirect(address_of(thing.kind, moved.pk))
