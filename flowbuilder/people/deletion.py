"""Deleting a workspace with everything of it.

Nobody is in it from the first moment; workers then take away what it has, app by app, in small pieces: one
transaction for a million passages would keep everybody else's writes waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from celery import current_app
from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, Role, Workspace, WorkspaceOwned
from flowbuilder.people.models import Deletion, GoneWorkspace

log = logging.getLogger(__name__)
AT_ONCE = 20
"""Rows of a model in one transaction; each takes what hangs on it along."""

before: list[Callable[[Workspace], None]] = []
"""Called by a worker before rows go: apps above stop what runs, and remove what lies outside the database."""


def ask_for(*, asker: Asker, name: str) -> None:
    """``name`` is what the person typed: the workspace's own. Errors: ``ApiError`` 403, 422."""
    if asker.role != Role.OWNER or asker.key_id is not None:
        raise ApiError("forbidden", _("A workspace is deleted by an owner."), 403)
    workspace = asker.workspace
    if name != workspace.name:
        told = _("Type the workspace's name, '%(name)s', to delete it.") % {"name": workspace.name}
        raise ApiError("invalid", told, 422)
    with transaction.atomic():
        Deletion.objects.get_or_create(workspace=workspace)
        record(asker=asker, action="workspace.deleted", subject=workspace.name, details={})
        remember(asker)
        Membership.objects.filter(workspace=workspace).delete()
        transaction.on_commit(wake_worker)


def remember(asker: Asker) -> None:
    """Its own log goes with it: the people who had the say in it, and the installation's log, know of it still."""
    by = asker.user.email if asker.user else ""
    log.info("workspace %s ('%s') is deleted by %s", asker.workspace.pk, asker.workspace.name, by)
    gone = GoneWorkspace.objects.create(name=asker.workspace.name, by=by)
    had_the_say = Membership.objects.filter(workspace=asker.workspace, role__in=[Role.OWNER, Role.ADMIN])
    gone.people.set(had_the_say.values_list("user", flat=True))


def wake_worker() -> None:
    try:
        current_app.send_task("flowbuilder.people.tasks.erase", retry=False)
    except OperationalError as error:
        # The sweep wakes one as soon as Redis is back.
        log.warning("a deleted workspace waits for the next sweep: %s", error)


def erase_all() -> None:
    """All that wait for it. What a worker that died had begun goes on where it stopped."""
    for deletion in Deletion.objects.select_related("workspace"):
        erase(deletion.workspace)


def erase(workspace: Workspace) -> None:
    for prepare in before:
        prepare(workspace)
    left = list(owned())
    while left:
        # What something else stands on, as a version under a training, goes in a later round.
        standing = [model for model in left if not _erased(model, workspace)]
        if len(standing) == len(left):
            names = ", ".join(model._meta.label for model in standing)
            raise RuntimeError(f"Of workspace {workspace.pk} there stays: {names}")
        left = standing
    workspace.delete()


def owned() -> Iterator[type[models.Model]]:
    """Every model of a workspace, the highest app's first: doors close before what stands behind them goes."""
    for config in reversed(list(apps.get_app_configs())):
        yield from (model for model in config.get_models() if issubclass(model, WorkspaceOwned))


def _erased(model: type[models.Model], workspace: Workspace) -> bool:
    """Whether none is left. Not by the model's own manager: the audit log's refuses to delete."""
    rows = models.QuerySet(model).filter(workspace=workspace).order_by()
    try:
        while keys := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                rows.filter(pk__in=keys).delete()
    except models.ProtectedError:
        return False
    return True
