"""Where a flow may go, what it leaves behind, and the move itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey, Asker, Membership, Role, Workspace, WorkspaceOwned
from flowbuilder.accounts.reach import Thing
from flowbuilder.flows.bounds import pointers
from flowbuilder.flows.models import Flow
from flowbuilder.flows.services import free_slug
from flowbuilder.runs.models import ENDED, Run
from flowbuilder.sharing.models import Share

WRITES = (Role.OWNER, Role.ADMIN, Role.EDITOR)


@dataclass(frozen=True)
class LeftBehind:
    """Something of the workspace that a node points at: there, that node finds another of this name or none."""

    node: str
    kind: str
    name: str


def targets(asker: Asker) -> list[Workspace]:
    """Other workspaces in which the person is an editor or more. A key stays in its own."""
    if asker.key_id is not None or not asker.can_manage:
        return []
    found = Membership.objects.filter(user=asker.user, role__in=WRITES).exclude(workspace=asker.workspace)
    return [member.workspace for member in found.select_related("workspace").order_by("workspace__name")]


def left_behind(flow: Flow) -> list[LeftBehind]:
    """Of the draft and the live version, each once."""
    live = flow.published_version
    graphs = [flow.graph, *([live.graph] if live else [])]
    found = [LeftBehind(path, *pointer) for graph in graphs for path, pointer, _ in pointers(graph)]
    return list(dict.fromkeys(found))


def keys_of(flow: Flow) -> list[ApiKey]:
    """Limited to the flow: they are keys of the workspace that it leaves."""
    return list(ApiKey.objects.live().filter(flow_id=flow.pk))


def move(*, asker: Asker, flow: Flow, workspace_id: uuid.UUID) -> Flow:
    """``ApiError`` 404 where the person may not write there, 409 while a run of it goes on."""
    target = next((one for one in targets(asker) if one.pk == workspace_id), None)
    if target is None:
        raise ApiError("not_found", "There is no such workspace in which you are an editor.", 404)
    left = left_behind(flow)
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=flow.pk)
        runs = Run.objects.select_for_update().filter(flow=locked)
        if runs.exclude(status__in=ENDED).exists():
            raise ApiError("conflict", "A run of it goes on. Wait for its end, or cancel it.", 409)
        source, there = locked.workspace, Asker(user=asker.user, workspace=target, role=Role.EDITOR)
        runs.exclude(idempotency_key=None).update(idempotency_key=None)  # unique in a workspace
        _take_along(locked, target)
        locked.workspace, locked.slug = target, free_slug(there, locked.slug)
        locked.save(update_fields=["workspace", "slug"])
        for key in keys_of(locked):
            key.revoke()
        shares = Share.objects.of(Thing("flow", locked.pk))
        shares.filter(group__isnull=False).delete()  # groups are the other workspace's
        shares.update(workspace=target)
        details = {"to": target.name, "left_behind": [f"{one.kind} {one.name}" for one in left]}
        record(asker=asker, action="flow.moved_away", subject=locked.name, details=details)
        record(asker=there, action="flow.moved_here", subject=locked.name, details={"from": source.name})
    return locked


def _take_along(flow: Flow, target: Workspace) -> None:
    """What the flow owns, in whatever app it stands: as with who sees one flow alone, its own is what says ``flow``."""
    for model in apps.get_models():
        owned = {field.name: field for field in model._meta.get_fields()}.get("flow")
        if issubclass(model, WorkspaceOwned) and owned is not None and owned.related_model is Flow:
            model._base_manager.filter(flow=flow).update(workspace=target)
