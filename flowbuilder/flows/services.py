"""What is done to flows: made, saved, frozen as versions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.calls import checked, without_called
from flowbuilder.flows.editing.services import store
from flowbuilder.flows.models import Flow, FlowVersion, empty_graph
from flowbuilder.flows.parsing import parse_graph
from flowbuilder.flows.starting_points import graph_from


def create_flow(
    *,
    asker: Asker,
    name: str,
    template: str | None = None,
    graph: dict[str, Any] | None = None,
    slug: str = "",
) -> Flow:
    """A new flow, from a template, of a graph that was drawn for it, or empty.

    ``slug``: the one that is wanted; it gets a number where it is taken."""
    if template:
        graph = graph_from(asker, template)
    with transaction.atomic():
        return Flow.objects.create(
            workspace=asker.workspace,
            name=name,
            graph=graph or empty_graph(),
            slug=free_slug(asker, slug or slugify(name) or "flow"),
        )


def free_slug(asker: Asker, wanted: str) -> str:
    taken = set(
        Flow.objects.filter(workspace=asker.workspace, slug__startswith=wanted[:60]).values_list(
            "slug", flat=True
        )
    )
    candidates = (wanted[:70] if i == 1 else f"{wanted[:70]}-{i}" for i in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def save_draft(
    *, flow: Flow, graph: Any, revision: int, name: str | None = None, asker: Asker | None = None
) -> Flow:
    """Save over ``revision`` only; ``ApiError`` 409 carries the draft that somebody else saved since."""
    after = without_called(parse_graph(graph)).model_dump(mode="json")
    with transaction.atomic():
        draft = Flow.objects.select_for_update().get(pk=flow.pk)
        if draft.revision != revision:
            details = {"revision": draft.revision, "graph": draft.graph}
            message = f"Somebody saved revision {draft.revision} since you loaded {revision}. Compare, then save over it or reload."
            raise ApiError("conflict", message, 409, details)
        store(draft, after, name=name, asker=asker)
    flow.refresh_from_db()
    return flow


def publish_version(
    *, asker: Asker, flow: Flow, note: str = "", name: str = "", restored: FlowVersion | None = None
) -> FlowVersion:
    """Freeze the draft, or an earlier version again, as the next version; ``ApiError`` 422 lists what stops it from running."""
    graph = without_called(parse_graph(restored.graph if restored else flow.graph)).finished()
    _, told = checked(graph, workspace_id=flow.workspace_id, flow=flow, live=True)
    found = [problem for problem in told if problem.severity == "error"]
    if found:
        message = f"The draft cannot run yet: {found[0].node or 'flow'}: {found[0].message}"
        raise ApiError("invalid_graph", message, 422, [vars(problem) for problem in found])
    with transaction.atomic():
        Flow.objects.select_for_update().get(pk=flow.pk)
        last = flow.versions.aggregate(last=Max("number"))["last"] or 0
        return FlowVersion.objects.create(
            flow=flow,
            number=last + 1,
            graph=graph.model_dump(mode="json"),
            name=name,
            note=note,
            created_by=asker.user,
        )


def delete(*, asker: Asker, flow: Flow) -> None:
    """With its versions, runs and what else hangs on it."""
    with transaction.atomic():
        record(asker=asker, action="flow.deleted", subject=flow.name, details={"slug": flow.slug})
        flow.delete()
