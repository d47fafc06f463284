"""What is done to flows: made, saved, frozen as versions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.text import slugify
from pydantic import ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.validate import problems
from flowbuilder.flows.models import Flow, FlowVersion, empty_graph
from flowbuilder.flows.nodes import catalogue
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
            slug=_free_slug(asker, slug or slugify(name) or "flow"),
        )


def _free_slug(asker: Asker, wanted: str) -> str:
    taken = set(
        Flow.objects.filter(workspace=asker.workspace, slug__startswith=wanted[:60]).values_list(
            "slug", flat=True
        )
    )
    candidates = (wanted[:70] if i == 1 else f"{wanted[:70]}-{i}" for i in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def parse_graph(graph: Any) -> Graph:
    """The graph in its typed form; ``ApiError`` 422 names the part that is malformed."""
    try:
        return Graph.model_validate(graph)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "graph"
        raise ApiError("invalid_graph", f"{where}: {first['msg']}", 422) from error


def save_draft(*, flow: Flow, graph: Any, revision: int, name: str | None = None) -> Flow:
    """Save over ``revision`` only; ``ApiError`` 409 carries the draft that somebody else saved since."""
    fields: dict[str, Any] = {
        "graph": parse_graph(graph).model_dump(mode="json"),
        "updated_at": timezone.now(),
    }
    if name is not None:
        fields["name"] = name
    saved = Flow.objects.filter(pk=flow.pk, revision=revision).update(revision=F("revision") + 1, **fields)
    flow.refresh_from_db()
    if not saved:
        details = {"revision": flow.revision, "graph": flow.graph}
        message = f"Somebody saved revision {flow.revision} since you loaded {revision}. Compare, then save over it or reload."
        raise ApiError("conflict", message, 409, details)
    return flow


def publish_version(*, asker: Asker, flow: Flow, note: str = "") -> FlowVersion:
    """Freeze the draft as the next version; ``ApiError`` 422 lists what stops it from running."""
    graph = parse_graph(flow.graph).finished()
    found = [problem for problem in problems(graph, catalogue()) if problem.severity == "error"]
    if found:
        message = f"The draft cannot run yet: {found[0].node or 'flow'}: {found[0].message}"
        raise ApiError("invalid_graph", message, 422, [vars(problem) for problem in found])
    with transaction.atomic():
        Flow.objects.select_for_update().get(pk=flow.pk)
        last = flow.versions.aggregate(last=Max("number"))["last"] or 0
        return FlowVersion.objects.create(
            flow=flow, number=last + 1, graph=graph.model_dump(mode="json"), note=note, created_by=asker.user
        )
