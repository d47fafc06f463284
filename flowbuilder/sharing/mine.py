"""What others shared with a person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from flowbuilder.accounts.models import Membership
from flowbuilder.sharing.inviting import opened_by
from flowbuilder.sharing.models import Look, Share
from flowbuilder.sharing.things import address_of, names_of

MOST = 500


@dataclass(frozen=True)
class Shared:
    share: Share
    name: str
    address: str
    member: bool
    """They are in its workspace anyway, and may do more here than there."""
    new: bool
    """It came since they last looked."""


def shared_with(person: Any) -> list[Shared]:
    """The newest first. What was deleted since is left out."""
    if person is None or not person.is_authenticated:
        return []
    held = Share.objects.held_by(person, {}).select_related("workspace", "created_by")
    shares = list(held.order_by("-created_at", "id")[:MOST])
    ids: dict[str, list[UUID]] = defaultdict(list)
    for share in shares:
        ids[share.kind].append(share.thing)
    names = {thing: name for kind, things in ids.items() for thing, name in names_of(kind, things).items()}
    since = last_look(person)
    own = set(Membership.objects.filter(user=person).values_list("workspace_id", flat=True))
    return [
        Shared(
            share,
            name,
            address_of(share.kind, share.thing),
            share.workspace_id in own,
            since is None or share.created_at > since,
        )
        for share in shares
        if (name := names.get(share.thing)) is not None
    ]


def last_look(person: Any) -> datetime | None:
    return Look.objects.filter(person=person).values_list("at", flat=True).first()


def look(person: Any) -> None:
    """They saw what is shared with them: nothing of it is new, and what waited to be opened is."""
    Look.objects.update_or_create(person=person, defaults={"at": timezone.now()})
    opened_by(person)
