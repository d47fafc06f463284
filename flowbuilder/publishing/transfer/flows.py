"""A flow moves: what it owns goes along, what it only points at stays."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext as _

from flowbuilder.accounts.models import ApiKey, Asker, Role, Workspace, WorkspaceOwned
from flowbuilder.flows.bounds import pointers
from flowbuilder.flows.models import Flow
from flowbuilder.flows.services import free_slug
from flowbuilder.publishing.usage.models import ModelUse
from flowbuilder.runs.models import ENDED, Run


@dataclass(frozen=True)
class LeftBehind:
    """Something of the workspace that a node points at: there, that node finds another of this name or none."""

    node: str
    kind: str
    name: str


def left_behind(flow: Flow) -> list[LeftBehind]:
    """Of the draft and the live version, each once."""
    live = flow.published_version
    graphs = [flow.graph, *([live.graph] if live else [])]
    found = [LeftBehind(path, *pointer) for graph in graphs for path, pointer, _setting in pointers(graph)]
    return list(dict.fromkeys(found))


def keys_of(flow: Flow) -> list[ApiKey]:
    """Limited to the flow: they are keys of the workspace that it leaves."""
    return list(ApiKey.objects.live().filter(flow_id=flow.pk))


def reasons(flow: Flow) -> list[str]:
    """Why it cannot go now, a sentence each."""
    runs = Run.objects.filter(flow=flow).exclude(status__in=ENDED)
    return [_("A run of it goes on. Wait for its end, or cancel it.")] if runs.exists() else []


def carry(flow: Flow, target: Workspace) -> None:
    """In the caller's transaction."""
    runs = Run.objects.filter(flow=flow)
    runs.exclude(idempotency_key=None).update(idempotency_key=None)  # unique in a workspace
    _take_along(flow, target)
    flow.slug = free_slug(Asker(user=None, workspace=target, role=Role.EDITOR), flow.slug)
    flow.workspace = target
    flow.save(update_fields=["workspace", "slug"])
    for key in keys_of(flow):
        key.revoke()


def _take_along(flow: Flow, target: Workspace) -> None:
    """What the flow owns, in whatever app it stands: as with who sees one flow alone, its own is what says ``flow``."""
    for model in apps.get_models():
        owned = {field.name: field for field in model._meta.get_fields()}.get("flow")
        if issubclass(model, WorkspaceOwned) and owned is not None and owned.related_model is Flow:
            model._base_manager.filter(flow=flow).update(workspace=target)
    ModelUse.objects.filter(record__flow=flow).update(workspace=target)
