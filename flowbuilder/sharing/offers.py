"""Offering a thing to another person: they take it into a workspace of theirs, or it stays."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from flowbuilder.accounts import addresses, audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, User, Workspace
from flowbuilder.accounts.reach import Thing
from flowbuilder.sharing.models import INVITED_FOR, SHARES, Offer, Share
from flowbuilder.sharing.services import named
from flowbuilder.sharing.things import names_of

MOST = 50
"""Shown to one person."""


@dataclass(frozen=True)
class Offered:
    offer: Offer
    name: str


@dataclass(frozen=True)
class Made:
    """An offer, and the token of the letter's link, which is kept nowhere."""

    offer: Offer
    token: str


def offer(*, asker: Asker, thing: Thing, email: str) -> Made:
    """In place of the offer before, where there is one. Keys give nothing away."""
    must_be_person(asker)
    email = addresses.checked(email)
    if email == asker.user.email:
        raise ApiError("invalid", _("That is you: move it to another workspace of yours instead."), 422)
    person = User.objects.filter(email=email, is_active=True).first()
    token = token_urlsafe(32)
    told = {"email": email, "person": person, "letter": Share.digest_of(token)}
    with transaction.atomic():
        made, _new = Offer.objects.update_or_create(
            kind=thing.kind,
            thing=thing.id,
            defaults={
                **told,
                "ends_at": timezone.now() + INVITED_FOR,
                "workspace": asker.workspace,
                "created_by": asker.user,
            },
        )
        audit.record(asker=asker, action="offer.made", subject=named(thing), details={"to": email})
    return Made(made, token)


def withdraw(*, asker: Asker, thing: Thing) -> None:
    """Twice changes nothing."""
    must_be_person(asker)
    with transaction.atomic():
        gone, _rows = Offer.objects.filter(kind=thing.kind, thing=thing.id).delete()
        if gone:
            audit.record(asker=asker, action="offer.withdrawn", subject=named(thing), details={})


def must_be_person(asker: Asker) -> None:
    if asker.key_id is not None or asker.user is None:
        raise ApiError("forbidden", _("Things are given away by people in their browser."), 403)


def offers_of(asker: Asker) -> list[Offered]:
    """What the workspace offers, to who may share what is in it."""
    if not asker.can_manage:
        return []
    return _named(Offer.objects.visible_to(asker).live().select_related("created_by"))


def offers_to(person: Any) -> list[Offered]:
    if person is None or not person.is_authenticated:
        return []
    return _named(Offer.objects.all().to(person)[:MOST])


def offered_by_letter(person: Any, token: str) -> Offered | None:
    return next(
        iter(_named(Offer.objects.all().to(person, token).filter(letter=Share.digest_of(token)))), None
    )


def _named(offers: Iterable[Offer]) -> list[Offered]:
    """The newest first; what was deleted since is left out."""
    found = list(offers)
    ids: dict[str, list[uuid.UUID]] = defaultdict(list)
    for one in found:
        ids[one.kind].append(one.thing)
    names = {thing: name for kind, things in ids.items() for thing, name in names_of(kind, things).items()}
    return [Offered(one, names[one.thing]) for one in found if one.thing in names]


def written_by(person: Any) -> list[Workspace]:
    """Workspaces in which they are an editor or more, and may take something into."""
    found = Membership.objects.filter(user=person, role__in=SHARES)
    return [member.workspace for member in found.select_related("workspace").order_by("workspace__name")]


def find(person: Any, offer_id: uuid.UUID, token: str = "") -> Offer:
    if (one := Offer.objects.all().to(person, token).filter(pk=offer_id).first()) is None:
        raise gone()
    return one


def gone() -> ApiError:
    return ApiError("not_found", _("There is no such offer to you any more."), 404)


def refuse(*, person: User, offer_id: uuid.UUID, token: str = "") -> None:
    one = find(person, offer_id, token)
    with transaction.atomic():
        asker = Asker(user=person, workspace=one.workspace, role="")
        audit.record(asker=asker, action="offer.refused", subject=named(one.what), details={})
        one.delete()
