"""Sharing with an address: a letter goes there, and whoever opens its link has the thing and nothing else.

Who shares is not told whether somebody signs in here with the address. To either the same letter goes, and until it
is opened the share is called by the address alone. Who has an account finds the thing among what is shared with them
at once. Who has none makes one by the link: an account alone, made with an address that nobody checked, opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from flowbuilder.accounts import addresses, audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, User
from flowbuilder.accounts.reach import Thing
from flowbuilder.sharing.models import ROLES, Right, Share
from flowbuilder.sharing.services import change, given, named, share_with_person

MOST_PENDING = 200
"""In one workspace."""


@dataclass(frozen=True)
class Sent:
    """A share with somebody, and the token of the letter's link: empty where they need none."""

    share: Share
    token: str = ""


deliver: Callable[[Share, str, str], bool] | None = None
"""Sends the letter of a share of what has this name, with this link, and says whether the mail server took it. Set by
the people app, which stands above this layer."""


def share_with_address(*, asker: Asker, thing: Thing, email: str, right: Right) -> Sent:
    """With a member of the workspace at once; with anybody else by a letter."""
    email = addresses.checked(email)
    person = User.objects.filter(email=email, is_active=True).first()
    if person and Membership.objects.filter(user=person, workspace=asker.workspace).exists():
        return Sent(share_with_person(asker=asker, thing=thing, person=person, right=right))
    with transaction.atomic():
        held = _held(thing, email, person)
        if held is not None:
            changed = change(asker=asker, share=held, right=right)
            return renew(asker=asker, share=changed) if changed.is_pending else Sent(changed)
        if Share.objects.visible_to(asker).pending().count() >= MOST_PENDING:
            told = _("%(most)s invitations wait to be opened already; end some.") % {"most": MOST_PENDING}
            raise ApiError("too_many", told, 409)
        share = Share(right=right, person=person, email=email)
        token = share.invite()
        made = given(asker, share, thing)
    return Sent(made, token if made is share else "")


def renew(*, asker: Asker, share: Share) -> Sent:
    """Another letter, with a link in place of the one before. Errors: ``ApiError`` 409 where it was opened meanwhile."""
    with transaction.atomic():
        found = Share.objects.select_for_update().pending().filter(pk=share.pk).first()
        if found is None:
            raise ApiError("conflict", _("This was opened meanwhile; it needs no other letter."), 409)
        token = found.invite()
        found.created_by = asker.user
        if found.person is None:
            found.person = _newcomer(found)
        found.save()
        details = {"with": found.email, "right": found.right}
        audit.record(asker=asker, action="share.sent_again", subject=named(found.what), details=details)
    return Sent(found, token)


def find(token: str) -> Share | None:
    return Share.objects.invited_by(token).select_related("workspace", "created_by").first()


def take(*, token: str, user: User) -> Share:
    """The share is theirs from now on, once. ``ApiError`` 404 where the link is over, 403 where it is somebody else's."""
    with transaction.atomic():
        share = Share.objects.select_for_update(of=("self",)).invited_by(token).first()
        if share is None:
            raise gone()
        if share.email != user.email and share.person_id != user.pk:
            told = _("This was shared with another address. Sign in with the one that the letter went to.")
            raise ApiError("forbidden", told, 403)
        return _opened(share, user)


def opened_by(user: User) -> None:
    """They saw all that is shared with them, which opens it as the letters' links do."""
    for share in Share.objects.pending().filter(person=user):
        with transaction.atomic():
            _opened(share, user)


def gone() -> ApiError:
    told = _("This link was used already, was taken back, or is over. Ask who sent it for another one.")
    return ApiError("not_found", told, 404)


def _held(thing: Thing, email: str, person: User | None) -> Share | None:
    of_it = Share.objects.of(thing).select_for_update()
    own = of_it.filter(person=person).first() if person else None
    return own or of_it.pending().filter(email=email).first()


def _newcomer(share: Share) -> User | None:
    """Whoever has made an account with the address since; who has the thing already opens it by the link."""
    held = Share.objects.of(share.what).exclude(person=None).values("person")
    return User.objects.filter(email=share.email, is_active=True).exclude(pk__in=held).first()


def _opened(share: Share, user: User) -> Share:
    """Where they have the thing by another share already, that one is left, with the larger right."""
    other = Share.objects.of(share.what).filter(person=user).exclude(pk=share.pk).first()
    if other is not None:
        larger = min((share.right, other.right), key=list(Right).index)
        Share.objects.filter(pk=other.pk).update(right=larger)
        share.delete()
        return other
    share.person, share.invitation, share.invited_until = user, None, None
    share.save(update_fields=["person", "invitation", "invited_until"])
    asker = Asker(user=user, workspace=share.workspace, role=ROLES[Right(share.right)])
    details = {"right": share.right, "shared_by": share.created_by.email if share.created_by else ""}
    audit.record(asker=asker, action="share.opened", subject=named(share.what), details=details)
    return share
