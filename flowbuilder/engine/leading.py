"""Which nodes the reply rests on, those that stand in groups and in called flows as well."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flowbuilder.engine.graph import Graph

REPLY, GROUP_OUTPUT = "flow.reply", "flow.group_output"
ROUND = re.compile(r"\[\d+\]")


def place_of(path: str) -> str:
    """A path without its rounds: where the node stands in the graph."""
    return ROUND.sub("", path)


def leading_to_reply(graph: Graph) -> set[str]:
    """Places of the nodes from which wires lead to a Reply, the Reply among them."""
    return _leading(graph, (REPLY,), "")


def _leading(graph: Graph, ends: Iterable[str], before: str) -> set[str]:
    found = {node.id for node in graph.nodes if node.type in ends}
    edge: set[str] = set(found)
    while edge:
        edge = {wire.source for node in edge for wire in graph.into(node)} - found
        found |= edge
    places = {f"{before}{node}" for node in found}
    for node in graph.nodes:
        if node.body is not None and node.id in found:
            places |= _leading(node.body, (REPLY, GROUP_OUTPUT), f"{before}{node.id}/")
    return places
