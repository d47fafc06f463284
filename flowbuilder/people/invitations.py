"""Inviting: by a link that may be passed on, or to an e-mail address."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from flowbuilder.accounts import addresses
from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Role
from flowbuilder.people.models import MOST_DAYS, MOST_USES, Invitation, in_days

INVITED_AS = [Role.ADMIN, Role.EDITOR, Role.RUNNER, Role.VIEWER]
"""A workspace is handed on to who is in it already."""
MOST_OPEN = 200


def invite(
    *, asker: Asker, role: str, email: str = "", days: int = 7, uses: int = 1
) -> tuple[Invitation, str]:
    """The invitation, with the token that its link has; the token is stored nowhere."""
    must_invite(asker)
    email = email.strip().lower()
    _check(role, email, days, uses)
    if Invitation.objects.visible_to(asker).live().count() >= MOST_OPEN:
        told = _("%(most)s invitations are open already; revoke some.") % {"most": MOST_OPEN}
        raise ApiError("conflict", told, 409)
    invitation = Invitation(
        workspace=asker.workspace,
        email=email,
        role=role,
        most_uses=1 if email else uses,
        expires_at=in_days(days),
        created_by=asker.user,
    )
    token = invitation.renew(days)
    with transaction.atomic():
        invitation.save()
        details = {"role": role, "days": days, "uses": invitation.most_uses}
        record(asker=asker, action="invitation.made", subject=str(invitation), details=details)
    return invitation, token


def renew(*, asker: Asker, invitation: Invitation, days: int = 7) -> str:
    """Another link in place of the one before, which opens nothing any more."""
    must_invite(asker)
    _check(invitation.role, invitation.email, days, invitation.most_uses)
    if invitation.revoked_at or invitation.uses >= invitation.most_uses:
        raise ApiError("conflict", _("This invitation is used or revoked; make a new one."), 409)
    token = invitation.renew(days)
    invitation.created_by = asker.user
    with transaction.atomic():
        invitation.save(update_fields=["digest", "expires_at", "created_by"])
        record(asker=asker, action="invitation.renewed", subject=str(invitation), details={"days": days})
    return token


def revoke(*, asker: Asker, invitation: Invitation) -> None:
    """Twice changes nothing."""
    must_invite(asker)
    with transaction.atomic():
        still = Invitation.objects.filter(pk=invitation.pk, revoked_at=None)
        if still.update(revoked_at=timezone.now()):
            record(asker=asker, action="invitation.revoked", subject=str(invitation), details={})


def must_invite(asker: Asker | None) -> None:
    if not asker or not asker.can_administer:
        raise ApiError("forbidden", _("People are invited by the workspace's owner and admins."), 403)


def _check(role: str, email: str, days: int, uses: int) -> None:
    if role not in INVITED_AS:
        told = _("Nobody is invited as '%(role)s'; choose one of %(roles)s.")
        raise ApiError("invalid", told % {"role": role, "roles": ", ".join(INVITED_AS)}, 422)
    if not 1 <= days <= MOST_DAYS:
        raise ApiError("invalid", _("An invitation lasts 1 to %(most)s days.") % {"most": MOST_DAYS}, 422)
    if not 1 <= uses <= MOST_USES:
        raise ApiError("invalid", _("A link may be used 1 to %(most)s times.") % {"most": MOST_USES}, 422)
    if email:
        addresses.checked(email)
