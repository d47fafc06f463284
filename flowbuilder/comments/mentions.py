"""Who can be called to a thread, and who was."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from flowbuilder.accounts.models import Asker, Membership, User
from flowbuilder.accounts.reach import Thing
from flowbuilder.comments.models import Mention
from flowbuilder.flows.models import Flow
from flowbuilder.sharing.models import Share

MOST = 50


def people_around(asker: Asker, flow: Flow) -> QuerySet[User]:
    """Who sees the flow. A guest is not told who is in the workspace, only who took part or let them in."""
    shares = Share.objects.of(Thing("flow", flow.pk)).live()
    if asker.only:
        took_part = Q(pk__in=flow.threads.values("comments__person"))
        return User.objects.filter(took_part | Q(pk__in=shares.values("created_by")), is_active=True)
    members = Q(memberships__workspace=flow.workspace)
    guests = Q(pk__in=shares.filter(person__isnull=False, invitation=None).values("person"))
    return User.objects.filter(members | guests, is_active=True).distinct()


def unread(person: Any) -> list[Mention]:
    """In flows that they still see, the newest first."""
    own = Membership.objects.filter(user=person).values("workspace")
    shared = Share.objects.held_by(person, {}).filter(kind="flow").values("thing")
    seen = Q(comment__thread__flow__workspace__in=own) | Q(comment__thread__flow__in=shared)
    found = Mention.objects.filter(seen, person=person, read_at=None)
    return list(found.select_related("comment__thread__flow").order_by("-pk")[:MOST])
