"""Workspaces of a person: which there are, which one a session is in, new ones and their names."""

from __future__ import annotations

import uuid

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext as _

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, Role, User, Workspace
from flowbuilder.accounts.services import CHOSEN

MOST_WORKSPACES = 50
"""That one person may own."""


def of(asker: Asker | None) -> list[Membership]:
    """All of a person; to a key there is only its own."""
    if not asker or asker.flow_id is not None:
        return []
    found = Membership.objects.filter(user=asker.user).select_related("workspace").order_by("workspace__name")
    return list(found if asker.key_id is None else found.filter(workspace=asker.workspace))


def choose(session: SessionBase, workspace: Workspace) -> None:
    """From the next request on. Who does not belong to it is asked as if they had chosen nothing."""
    session[CHOSEN] = str(workspace.pk)


def create(*, user: User, name: str) -> Asker:
    name = _checked(name)
    if Membership.objects.filter(user=user, role=Role.OWNER).count() >= MOST_WORKSPACES:
        told = _("You own %(most)s workspaces already; delete one or hand it on.") % {"most": MOST_WORKSPACES}
        raise ApiError("conflict", told, 409)
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name)
        Membership.objects.create(user=user, workspace=workspace, role=Role.OWNER)
        asker = Asker(user=user, workspace=workspace, role=Role.OWNER)
        record(asker=asker, action="workspace.created", subject=name, details={})
    return asker


def rename(*, asker: Asker, name: str) -> None:
    if not asker.can_administer:
        raise ApiError("forbidden", _("A workspace is renamed by its owner and admins."), 403)
    before, asker.workspace.name = asker.workspace.name, _checked(name)
    if before == asker.workspace.name:
        return
    with transaction.atomic():
        asker.workspace.save(update_fields=["name"])
        details = {"before": before}
        record(asker=asker, action="workspace.renamed", subject=asker.workspace.name, details=details)


def asker_in(asker: Asker | None, workspace_id: uuid.UUID) -> Asker | None:
    """The same person in another workspace of theirs; a key stays in its own."""
    if asker and asker.workspace.pk == workspace_id and asker.flow_id is None:
        return asker
    found = next((one for one in of(asker) if one.workspace_id == workspace_id), None)
    return Asker(user=found.user, workspace=found.workspace, role=found.role) if found else None


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise ApiError("invalid", _("A workspace needs a name of 1 to 100 characters."), 422)
    return name
