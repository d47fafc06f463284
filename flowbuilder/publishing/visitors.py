"""Who asks a public page without signing in: a number drawn for each browser, in a signed pass.

The page hands the pass out and its script sends it as the header ``X-Visitor``. A cookie would not reach us from a frame
on another site; a header that no other site can send also needs no CSRF token.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core import signing

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing.doors import allows
from flowbuilder.publishing.models import Doors, Via

SALT = "flowbuilder.publishing.visitors"
PASS_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True)
class Visitor:
    id: uuid.UUID
    via: str
    site: str = ""
    """The origin whose page shows the widget."""

    @property
    def session(self) -> str:
        """In the words of a run: who is in one session keeps to one side of an A/B test."""
        return f"visitor:{self.id}"


def new_pass(doors: Doors, via: str, site: str = "") -> str:
    said = {"visitor": uuid.uuid4().hex, "doors": doors.pk.hex, "via": via, "site": site}
    return signing.dumps(said, salt=SALT)


def admitted(address: str, visitor_pass: str) -> tuple[Doors, Visitor]:
    """Whom the pass names, before which doors. ``ApiError`` 404 where they are closed, 401 for a pass that is none of ours."""
    doors = open_at(address)
    try:
        said = signing.loads(visitor_pass, salt=SALT, max_age=PASS_SECONDS)
    except signing.BadSignature:
        said = {}
    if doors is None or (said and not _lets_in(doors, said)):
        raise ApiError("not_found", "Nobody answers here: this page was closed, or it has moved.", 404)
    if said.get("doors") != doors.pk.hex:
        raise ApiError("unknown_visitor", "Load the page again, then ask.", 401)
    return doors, Visitor(uuid.UUID(said["visitor"]), said["via"], said["site"])


def open_at(address: str) -> Doors | None:
    """The doors at an address, where one of them leads to a live version."""
    live = Doors.objects.filter(address=address, flow__published_version__isnull=False)
    doors = live.select_related("flow__published_version", "flow__workspace", "workspace").first()
    return doors if doors and (doors.page or doors.embed) else None


def _lets_in(doors: Doors, said: dict[str, str]) -> bool:
    return doors.is_open(said["via"]) and (said["via"] == Via.PAGE or allows(doors, said["site"]))
