"""Where a link leads: asks for its password, remembers in the session that it was opened, and goes on to the thing."""

from __future__ import annotations

import uuid

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from flowbuilder.accounts.reach import OWNERS, Thing
from flowbuilder.sharing.models import OPENED, Right, Share
from flowbuilder.sharing.things import address_of, found

MOST_OPENED = 20
"""Links that one session remembers; the oldest is forgotten."""


@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what it leads to; POST opens it."""
    share = Share.objects.live().filter(digest=Share.digest_of(token)).select_related("workspace").first()
    thing = share and found(share.what)
    if share is None or thing is None:
        return render(request, "sharing/link.html", {"gone": True}, status=404)
    page = {"share": share, "thing": thing, "token": token}
    if share.right == Right.EDIT and not request.user.is_authenticated:
        return render(request, "sharing/link.html", {**page, "sign_in": True})
    if request.method == "GET":
        return render(request, "sharing/link.html", page)
    if share.is_locked:
        error = _("Too many wrong passwords. Try again in ten minutes.")
        return render(request, "sharing/link.html", {**page, "error": error}, status=429)
    if not share.accepts(request.POST.get("password", "")[:100]):
        error = _("That is not the link's password.")
        return render(request, "sharing/link.html", {**page, "error": error}, status=422)
    note(request, share)
    return redirect(address_of(share.kind, share.thing))


def note(request: HttpRequest, share: Share) -> None:
    opened = request.session.get(OPENED, {})
    opened.pop(str(share.pk), None)
    kept = list(opened.items())[1 - MOST_OPENED :]
    request.session[OPENED] = {**dict(kept), str(share.pk): share.stamp}
    Share.objects.filter(pk=share.pk).update(uses=F("uses") + 1, used_at=timezone.now())


@never_cache
@require_GET
def standing(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> HttpResponse:
    """Asked by a guest's open page every few seconds: nothing while it is still shared, else what the page says instead."""
    held = Share.objects.none()
    if kind in OWNERS:
        held = Share.objects.held_by(request.user, request.session).of(Thing(kind, thing_id))
    opened = request.session.get(OPENED, {})
    if any(not share.is_link or opened.get(str(share.pk)) == share.stamp for share in held):
        return HttpResponse()
    return render(request, "sharing/over.html")
