"""What is done to shares: given, changed, ended; always by who has the whole workspace to edit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Group, Membership, Role, User
from flowbuilder.accounts.reach import Thing
from flowbuilder.sharing.models import ROLES, Right, Share
from flowbuilder.sharing.things import found

MOST = 200
"""Shares of one thing."""
SHORTEST_PASSWORD = 6
LONGEST = timedelta(days=3660)
ORDER = list(Role)


class Kept(Enum):
    """What a change says nothing of, where None would take it away."""

    AS_IT_IS = 0


@dataclass(frozen=True)
class NewLink:
    share: Share
    token: str
    """Told once: the database keeps its digest."""


def share_with_person(*, asker: Asker, thing: Thing, person: User, right: Right) -> Share:
    """Somebody of the workspace, or whose account is known. Who has a share of it already has this one from now on."""
    role = role_of(asker, person)
    if role is not None and ORDER.index(role) <= ORDER.index(ROLES[right]):
        told = {"person": str(person), "role": role.value}
        raise ApiError(
            "has_it_already", _("%(person)s may do that already, as %(role)s of the workspace.") % told, 409
        )
    return give_or_change(asker, thing, right, person=person)


def share_with_group(*, asker: Asker, thing: Thing, group: Group, right: Right) -> Share:
    """All members of one of the workspace's groups, also those who join it later."""
    return give_or_change(asker, thing, right, group=group)


def share_by_link(
    *, asker: Asker, thing: Thing, right: Right, expires_at: datetime | None = None, password: str = ""
) -> NewLink:
    share = Share(right=right)
    token = share.new_token()
    _guard(share, expires_at, password)
    with transaction.atomic():
        return NewLink(given(asker, share, thing), token)


def change(
    *,
    asker: Asker,
    share: Share,
    right: Right | None = None,
    expires_at: datetime | Kept | None = Kept.AS_IT_IS,
    password: str | None = None,
) -> Share:
    """No right and no password leave them as they are, as does ``Kept``; an end of None and an empty password take these away."""
    before = share.right
    if right is not None:
        share.right = right
    if share.is_link:
        _guard(share, expires_at, password)
    with transaction.atomic():
        share.save()
        details = {"with": share.whose, "before": before, "right": share.right}
        if share.is_link and expires_at is not Kept.AS_IT_IS:
            details["until"] = share.expires_at.isoformat() if share.expires_at else "no end"
        if share.is_link and password is not None:
            details["password"] = "another one" if password else "none"
        audit.record(asker=asker, action="share.changed", subject=named(share.what), details=details)
    return share


def end(*, asker: Asker, share: Share) -> None:
    with transaction.atomic():
        details = {"with": share.whose, "right": share.right}
        audit.record(asker=asker, action="share.ended", subject=named(share.what), details=details)
        share.delete()


def role_of(asker: Asker, person: User) -> Role | None:
    membership = Membership.objects.filter(workspace=asker.workspace, user=person).first()
    return Role(membership.role) if membership else None


def give_or_change(asker: Asker, thing: Thing, right: Right, **holder: Any) -> Share:
    with transaction.atomic():
        held = Share.objects.of(thing).filter(**holder).first()
        if held is None:
            return given(asker, Share(right=right, **holder), thing)
        return change(asker=asker, share=held, right=right)


def given(asker: Asker, share: Share, thing: Thing) -> Share:
    if Share.objects.of(thing).count() >= MOST:
        raise ApiError(
            "too_many", _("One thing has at most %(most)s shares; end one first.") % {"most": MOST}, 409
        )
    share.workspace, share.created_by = asker.workspace, asker.user
    share.kind, share.thing = thing.kind, thing.id
    try:
        with transaction.atomic():
            share.save()
    except IntegrityError:  # two at the same moment: the other one stands
        return Share.objects.of(thing).get(person=share.person, group=share.group, email=share.email)
    details = {
        "with": share.whose,
        "right": share.right,
        "until": share.expires_at and share.expires_at.isoformat(),
    }
    audit.record(asker=asker, action="share.given", subject=named(thing), details=details)
    return share


def _guard(share: Share, expires_at: datetime | Kept | None, password: str | None) -> None:
    if isinstance(expires_at, datetime):
        if expires_at <= timezone.now():
            raise ApiError("invalid", _("A link ends in the future: choose a later date."), 422)
        if expires_at > timezone.now() + LONGEST:
            raise ApiError("invalid", _("A link ends within ten years, or has no end."), 422)
    if expires_at is not Kept.AS_IT_IS:
        share.expires_at = expires_at
    if password:
        if len(password) < SHORTEST_PASSWORD:
            told = {"length": SHORTEST_PASSWORD}
            raise ApiError(
                "invalid", _("The password of a link has at least %(length)s characters.") % told, 422
            )
        share.set_password(password)
    elif password == "":
        share.set_password("")


def named(thing: Thing) -> str:
    there = found(thing)
    return f"{thing.kind} '{there}'"
