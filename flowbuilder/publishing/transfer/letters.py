"""The letter of an offer, and its link, which is shown this once to who made it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from flowbuilder.people import mail
from flowbuilder.sharing.offers import Made
from flowbuilder.sharing.things import found


def letter(request: HttpRequest, made: Made) -> dict[str, Any]:
    """``link``, and whether it was ``sent``: the same whether or not somebody signs in with the address."""
    link = request.build_absolute_uri(reverse("releases:offered", args=[made.token]))
    return {"link": link, "sent": mail.send_offer(made.offer, str(found(made.offer.what)), link)}
