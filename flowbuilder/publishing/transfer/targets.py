"""Where something may go: into another workspace in which whoever takes it may write."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Role, Workspace
from flowbuilder.sharing.offers import written_by


def targets(asker: Asker) -> list[Workspace]:
    """Other workspaces in which the person is an editor or more. A key stays in its own."""
    if asker.key_id is not None or not asker.can_manage:
        return []
    return [one for one in written_by(asker.user) if one != asker.workspace]


def target_of(asker: Asker, workspace_id: uuid.UUID) -> Asker:
    """The same person there. ``ApiError`` 404 where they may not write."""
    found = next((one for one in targets(asker) if one.pk == workspace_id), None)
    if found is None:
        raise ApiError("not_found", _("There is no such workspace in which you are an editor."), 404)
    return Asker(user=asker.user, workspace=found, role=Role.EDITOR)
