"""Who is in a workspace, and as what. There is always an owner."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, Role, Workspace

MEANINGS = {
    Role.OWNER: gettext_lazy("Everything, and deletes the workspace or hands it on."),
    Role.ADMIN: gettext_lazy("Everything in it: invites, changes roles, reads the audit log."),
    Role.EDITOR: gettext_lazy("Changes flows, models, knowledge and keys, publishes and trains."),
    Role.RUNNER: gettext_lazy("Sees everything, runs flows and rates answers."),
    Role.VIEWER: gettext_lazy("Sees everything and changes nothing."),
}
"""What each role may do, in words."""


def visible_to(asker: Asker | None) -> list[Membership]:
    """The members of the asker's workspace, from the most rights to the fewest; a key of one flow sees nobody."""
    if not asker or asker.flow_id is not None:
        return []
    found = Membership.objects.filter(workspace=asker.workspace).select_related("user")
    ranks = list(Role)
    return sorted(found, key=lambda one: (ranks.index(Role(one.role)), str(one.user).lower()))


def change_role(*, asker: Asker, member: Membership, role: str) -> None:
    """``ApiError`` 403 where the asker may not, 409 where nobody would own the workspace."""
    with transaction.atomic():
        member = _held(asker, member.pk)
        _must_manage(asker, member, role)
        if role not in Role.values:
            told = _("There is no role '%(role)s'; there are %(roles)s.")
            raise ApiError("invalid", told % {"role": role, "roles": ", ".join(Role.values)}, 422)
        if member.role == role:
            return
        _must_leave_an_owner(member)
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        details = {"before": before, "after": role}
        record(asker=asker, action="member.role", subject=member.user.email, details=details)


def remove(*, asker: Asker, member: Membership) -> None:
    """Themselves, whoever they are; others by who manages them."""
    leaves = asker.user == member.user and asker.key_id is None
    with transaction.atomic():
        member = _held(asker, member.pk)
        if not leaves:
            _must_manage(asker, member, member.role)
        _must_leave_an_owner(member)
        action = "member.left" if leaves else "member.removed"
        record(asker=asker, action=action, subject=member.user.email, details={"role": member.role})
        member.delete()


def hand_over(*, asker: Asker, member_id: int) -> None:
    """Somebody else owns the workspace from now on; who did is an admin."""
    if asker.role != Role.OWNER or asker.key_id is not None:
        raise ApiError("forbidden", _("Only an owner hands a workspace on."), 403)
    with transaction.atomic():
        member = _held(asker, member_id)
        if member.user == asker.user:
            raise ApiError("invalid", _("It is yours already; choose another member."), 422)
        Membership.objects.filter(pk=member.pk).update(role=Role.OWNER)
        Membership.objects.filter(user=asker.user, workspace=asker.workspace).update(role=Role.ADMIN)
        details = {"before": asker.user.email if asker.user else "", "after": member.user.email}
        record(asker=asker, action="workspace.handed_over", subject=asker.workspace.name, details=details)


def _held(asker: Asker, member_id: int) -> Membership:
    """As it is now; others who change members of this workspace wait, and who asks still has the role that they had."""
    Workspace.objects.select_for_update().get(pk=asker.workspace.pk)
    here = Membership.objects.filter(workspace=asker.workspace)
    if asker.can_administer and not here.filter(user=asker.user, role=asker.role).exists():
        raise ApiError("forbidden", _("Your own role has just changed; look again."), 403)
    found = here.filter(pk=member_id).select_related("user").first()
    if found is None:
        raise ApiError("not_found", _("No such member is here."), 404)
    return found


def _must_manage(asker: Asker, member: Membership, role: str) -> None:
    if not asker.can_administer:
        raise ApiError("forbidden", _("Members are managed by the workspace's owner and admins."), 403)
    if Role.OWNER in {member.role, role} and asker.role != Role.OWNER:
        raise ApiError("forbidden", _("Owners are made and unmade by an owner only."), 403)


def _must_leave_an_owner(member: Membership) -> None:
    if member.role != Role.OWNER:
        return
    others = Membership.objects.filter(workspace=member.workspace_id, role=Role.OWNER).exclude(pk=member.pk)
    if not others.exists():
        message = _("They are the last owner. Hand the workspace on first, or delete it.")
        raise ApiError("conflict", message, 409)
