"""The page on which a thing moves: says first what goes along, what does not, and why it cannot go now."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import User
from flowbuilder.accounts.reach import Thing
from flowbuilder.accounts.services import CHOSEN
from flowbuilder.publishing.transfer import flows, moving, taking
from flowbuilder.publishing.transfer.forms import OfferForm
from flowbuilder.publishing.transfer.letters import letter
from flowbuilder.publishing.transfer.targets import targets
from flowbuilder.sharing import offers
from flowbuilder.sharing.finding import find_thing
from flowbuilder.sharing.models import Offer
from flowbuilder.sharing.offers import written_by
from flowbuilder.sharing.things import address_of, model_of
from flowbuilder.sharing.views import as_page


@login_required
@require_http_methods(["GET", "POST"])
def transfer_flow(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    return answer(request, *as_page(lambda: find_thing(request, "flow", flow_id)))


@login_required
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> HttpResponse:
    return answer(request, *as_page(lambda: find_thing(request, kind, thing_id)))


@login_required
@never_cache
@require_POST
def offer(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> HttpResponse:
    """To somebody else; without an address the offer is withdrawn."""
    thing, row = as_page(lambda: find_thing(request, kind, thing_id))
    if not request.POST.get("email"):
        offers.withdraw(asker=request.asker, thing=thing)
        return redirect("releases:transfer", kind, thing_id)
    form = OfferForm(request.POST)
    made = form.make(request.asker, thing)
    page = page_of(request, thing, row, form)
    if made is None:
        return render(request, "sharing/transfer.html", page, status=422)
    return render(request, "sharing/transfer.html", {**page, "letter": letter(request, made)})


@login_required
@never_cache
@require_GET
def offered(request: HttpRequest, token: str) -> HttpResponse:
    """Where the letter's link leads whoever signs in with the address that it went to."""
    item = offers.offered_by_letter(request.user, token)
    if item is None:
        raise Http404
    page = {"item": item, "token": token, "workspaces": written_by(request.user)}
    return render(request, "sharing/offer.html", page)


@login_required
@require_POST
def take(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """What somebody offers, into a workspace of one's own; the browser goes along."""
    person = User.objects.get(pk=request.user.pk)
    wanted = uuid_of(request.POST.get("workspace", ""))
    try:
        moved = taking.take(person=person, offer_id=offer_id, workspace_id=wanted, token=token_of(request))
    except ApiError as error:
        if error.status == 404:
            raise Http404 from error
        messages.error(request, error.message)
        return redirect("sharing:mine")
    request.session[CHOSEN] = str(moved.workspace_id)
    kind = next(kind for kind in moving.MOVES if isinstance(moved, model_of(kind)))
    return redirect(address_of(kind, moved.pk))


@login_required
@require_POST
def refuse(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    person = User.objects.get(pk=request.user.pk)
    as_page(lambda: offers.refuse(person=person, offer_id=offer_id, token=token_of(request)))
    return redirect("sharing:mine")


def answer(request: HttpRequest, thing: Thing, row: Any) -> HttpResponse:
    """GET says what would happen; POST does it, and goes along to the other workspace."""
    page = page_of(request, thing, row, OfferForm())
    if request.method == "GET":
        return render(request, "sharing/transfer.html", page)
    wanted = uuid_of(request.POST.get("workspace", ""))
    try:
        moved = moving.move(asker=request.asker, thing=thing, workspace_id=wanted)
    except ApiError as error:
        if error.status == 404:
            raise Http404 from error
        return render(request, "sharing/transfer.html", page, status=error.status)
    request.session[CHOSEN] = str(moved.workspace_id)
    return redirect(address_of(thing.kind, moved.pk))


def page_of(request: HttpRequest, thing: Thing, row: Any, form: OfferForm) -> dict[str, Any]:
    how = moving.MOVES[thing.kind]
    return {
        "kind": thing.kind,
        "thing": row,
        "back": address_of(thing.kind, thing.id),
        "how": how,
        "reasons": how.reasons(row),
        "workspaces": targets(request.asker),
        "left_behind": flows.left_behind(row) if thing.kind == "flow" else [],
        "keys": flows.keys_of(row) if thing.kind == "flow" else [],
        "offer": Offer.objects.live().filter(kind=thing.kind, thing=thing.id).first(),
        "form": form,
    }


def token_of(request: HttpRequest) -> str:
    """The letter's, where the offer was come to by its link."""
    return request.POST.get("token", "")


def uuid_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
