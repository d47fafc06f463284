"""What somebody has to give before an imported flow runs: a key, a knowledge base, an address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.engine.graph import Graph, NodeSpec
from flowbuilder.engine.ports import OFFER

MODEL, BASE, DATABASE = "a model's key", "a knowledge base", "a database"
SERVER, MAIL, API = "an MCP server", "a mail server", "an API's description"
KEY, ADDRESS, FLOW = "a key", "an address", "the flow that it calls"
LACKS = {
    "knowledge.retrieve": ("base", BASE),
    "tools.sql_query": ("database", DATABASE),
    "tools.mcp": ("server", SERVER),
    "tools.mcp_call": ("server", SERVER),
    "tools.api_operation": ("operation", API),
    "flow.call": ("flow", FLOW),
}
"""The setting of a node that is empty until somebody chooses."""


def stops_at(graph: Graph) -> list[str]:
    """Placeholders that a run comes to: one that only offers itself to an agent is left alone."""
    return [
        node.settings.get("was", "") for node, offers in _nodes(graph) if _is_placeholder(node) and not offers
    ]


def goes_without(graph: Graph) -> list[str]:
    """Placeholders that an agent is told not to call."""
    found = [
        node.settings.get("was", "") for node, offers in _nodes(graph) if _is_placeholder(node) and offers
    ]
    return sorted({was.rpartition(": ")[2] for was in found})


def needs_of(graph: Graph) -> list[str]:
    """In the order in which a person would give it."""
    found = {what for node, _ in _nodes(graph) for what in _needs(node)}
    order = (MODEL, BASE, DATABASE, API, SERVER, MAIL, ADDRESS, KEY, FLOW)
    return [what for what in order if what in found]


def _needs(node: NodeSpec) -> Iterator[str]:
    settings: dict[str, Any] = node.settings
    if node.type.startswith("language.remote_"):
        yield MODEL
    elif node.type == "tools.send_mail":
        yield MAIL
    elif node.type == "tools.http_request":
        if settings.get("auth", "none") != "none":
            yield KEY
        if not str(settings.get("url", "")).startswith(("http", "{{")):
            yield ADDRESS
    elif node.type in LACKS and not settings.get(LACKS[node.type][0]):
        yield LACKS[node.type][1]


def _is_placeholder(node: NodeSpec) -> bool:
    return node.type == "flow.placeholder"


def _nodes(graph: Graph) -> Iterator[tuple[NodeSpec, bool]]:
    """Each, and whether it only offers itself to a model."""
    for node in graph.nodes:
        ports = {wire.source_port for wire in graph.wires if wire.source == node.id}
        yield node, ports == {OFFER}
        if node.body:
            yield from _nodes(node.body)
