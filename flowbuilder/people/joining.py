"""Accepting an invitation: once for each of its uses, however many try at the same moment."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, User
from flowbuilder.people.models import Invitation
from flowbuilder.sharing import inviting
from flowbuilder.sharing.models import Share


class AddressTaken(Exception):
    """Somebody has an account with this address."""


def find(token: str) -> Invitation | None:
    return Invitation.objects.matching(token).select_related("workspace", "created_by").first()


def accept(*, token: str, user: User) -> Membership:
    """The membership, also where they had one already: then nothing is used up, and no role changes.

    ``ApiError`` 404 where the invitation is used, revoked or over, 403 where it is somebody else's.
    """
    try:
        with transaction.atomic():
            return _accept(token, user)
    except IntegrityError:
        # The same person, twice at the same moment: the other request made them a member.
        return _accept(token, user)


def join_anew(*, token: str, email: str, name: str, password: str) -> Membership:
    """Somebody without an account makes one and joins, or neither happens. Errors: ``AddressTaken``, and accept's."""
    with transaction.atomic():
        return accept(token=token, user=_account(email, name, password))


def open_anew(*, token: str, email: str, name: str, password: str) -> Share:
    """The same for what was shared with an address, which is all that they have then."""
    with transaction.atomic():
        return inviting.take(token=token, user=_account(email, name, password))


def _account(email: str, name: str, password: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email.strip(), password, name=name.strip())
    except IntegrityError as error:
        raise AddressTaken from error


def _accept(token: str, user: User) -> Membership:
    invitation = find(token)
    if invitation is None:
        raise gone()
    return accept_one(invitation, user)


def accept_one(invitation: Invitation, user: User) -> Membership:
    if invitation.email and invitation.email != user.email:
        told = _("This invitation is for another address. Sign in with the one that it was sent to.")
        raise ApiError("forbidden", told, 403)
    known = Membership.objects.filter(user=user, workspace=invitation.workspace).first()
    if known is not None:
        return known
    # What was asked before may have changed since: the update alone decides who comes in.
    if (
        not Invitation.objects.live()
        .filter(pk=invitation.pk, digest=invitation.digest)
        .update(uses=F("uses") + 1)
    ):
        raise gone()
    member = Membership.objects.create(user=user, workspace=invitation.workspace, role=invitation.role)
    asker = Asker(user=user, workspace=invitation.workspace, role=invitation.role)
    inviter = invitation.created_by.email if invitation.created_by else ""
    details = {"role": member.role, "invited_by": inviter}
    record(asker=asker, action="member.joined", subject=user.email, details=details)
    return member


def gone() -> ApiError:
    return ApiError("not_found", _("This invitation is used, revoked or over. Ask for a new one."), 404)
