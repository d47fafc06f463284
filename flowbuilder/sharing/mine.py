"""What others shared with a person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flowbuilder.accounts.models import Membership
from flowbuilder.sharing.models import Share
from flowbuilder.sharing.things import address_of, names_of

MOST = 500


@dataclass(frozen=True)
class Shared:
    share: Share
    name: str
    address: str
    member: bool
    """They are in its workspace anyway, and may do more here than there."""


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
    own = set(Membership.objects.filter(user=person).values_list("workspace_id", flat=True))
    return [
        Shared(share, name, address_of(share.kind, share.thing, name), share.workspace_id in own)
        for share in shares
        if (name := names.get(share.thing)) is not None
    ]
