"""Which flows name something: in the draft, or in what runs in production or staging."""

from __future__ import annotations

from collections.abc import Callable

from flowbuilder.accounts.models import Workspace
from flowbuilder.flows.bounds import Pointer, pointers
from flowbuilder.flows.models import Flow


def flows_that_name(workspace: Workspace, is_it: Callable[[Pointer], bool]) -> list[str]:
    """Their names, each once."""
    flows = Flow.objects.filter(workspace=workspace).select_related("published_version", "staging_version")
    return [flow.name for flow in flows.order_by("name").iterator() if _names(flow, is_it)]


def _names(flow: Flow, is_it: Callable[[Pointer], bool]) -> bool:
    running = [version.graph for version in (flow.published_version, flow.staging_version) if version]
    return any(is_it(pointer) for graph in [flow.graph, *running] for _, pointer, _ in pointers(graph))
