"""Which models the flows name, read from each node's own schema: what the model pages ask of this layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import nodes_within
from flowbuilder.flows.models import Flow
from flowbuilder.flows.references import references_of
from flowbuilder.modelhub.uses import Mention


def mentions(asker: Asker) -> Iterator[Mention]:
    """In every draft and every live version, by the flow's name."""
    flows = Flow.objects.visible_to(asker).select_related("published_version").order_by("name")
    for flow in flows.iterator():
        live = flow.published_version
        graphs = [(None, flow.graph), *([(live.number, live.graph)] if live else [])]
        for version, graph in graphs:
            for path, node in nodes_within(graph):
                label = node.get("label") or path
                for ref in dict.fromkeys(named_by(node)):
                    yield Mention(ref, flow.pk, flow.name, version, label)


def named_by(node: dict[str, Any]) -> Iterator[str]:
    """The models that a node's settings name, with the defaults of what it leaves open."""
    for reference in references_of(node["type"], node.get("settings") or {}):
        if reference.kind == "model" and reference.ref:
            yield reference.ref
