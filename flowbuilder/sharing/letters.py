"""The letter that a share with an address goes out by, and its link, which is shown this once to who sent it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from flowbuilder.sharing import inviting
from flowbuilder.sharing.inviting import Sent
from flowbuilder.sharing.things import found


def letter(request: HttpRequest, sent: Sent) -> dict[str, Any]:
    """``link``, and whether it was ``sent``; nothing where none is needed."""
    if not sent.token:
        return {}
    # Named by its route: the people app stands above this layer.
    link = request.build_absolute_uri(reverse("people:open", args=[sent.token]))
    name = str(found(sent.share.what))
    took = inviting.deliver is not None and inviting.deliver(sent.share, name, link)
    return {"link": link, "sent": took}
