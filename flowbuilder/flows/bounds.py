"""What a guest's graph may point at: what the flow already uses, and what they see by themselves.

A flow runs with its workspace's rights. Who was let in to the flow alone could else wire it to any knowledge base,
model, secret or database of the workspace, and read it by running the flow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import nodes_within
from flowbuilder.engine.problem import Problem
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.references import references_of
from flowbuilder.modelhub.models import Source
from flowbuilder.modelhub.registry import resolve
from nodes.base import NodeError

VARIABLES = {"flow.read_variable", "flow.set_variable"}

Pointer = tuple[str, str]
"""A kind of thing and its name."""


def must_stay_within(asker: Asker | None, flow: Flow, graph: dict[str, Any]) -> None:
    """``ApiError`` 403 names the first thing that a guest's graph points at and may not."""
    for problem in beyond(asker, flow, graph):
        raise ApiError("forbidden", f"{problem.node}: {problem.message}", 403)


def beyond(asker: Asker | None, flow: Flow, graph: dict[str, Any]) -> Iterator[Problem]:
    """What a guest's graph points at and may not; nothing for who has the whole workspace."""
    if asker is None or asker.only is None or _sees_the_workspace(asker):
        return
    known: set[Pointer] | None = None
    for path, pointer, setting in pointers(graph):
        if known is None:
            known = _used_by(flow)
        if pointer not in known and not _is_shipped(flow, pointer):
            kind, name = pointer
            message = f"The {kind} '{name}' is not part of this flow, and was not shared with you."
            yield Problem(path, "", "missing", message, setting=setting)


def pointers(graph: dict[str, Any]) -> Iterator[tuple[str, Pointer, str]]:
    """Of each node by its path: what it points at, and in which setting."""
    for path, node in nodes_within(graph):
        settings = node.get("settings") or {}
        for found in references_of(node["type"], settings):
            if found.ref:
                yield path, (found.kind, found.ref), found.setting
        # Two more that are named in plain text, so that no reference is drawn from them.
        kind = catalogue().named(node["type"])
        if kind == "tools.sql_query" and settings.get("database"):
            yield path, ("database", str(settings["database"]).strip()), "database"
        if kind in VARIABLES and settings.get("scope") == "workspace":
            yield path, ("variable", str(settings.get("name", "")).strip()), "name"


def _used_by(flow: Flow) -> set[Pointer]:
    """By the draft, or by a version that may be taken back."""
    graphs = [flow.graph, *flow.versions.values_list("graph", flat=True)]
    return {pointer for graph in graphs for _, pointer, _ in pointers(graph)}


def _is_shipped(flow: Flow, pointer: Pointer) -> bool:
    """A model that every installation has is nobody's; the workspace may have put one of its own in its place."""
    kind, name = pointer
    if kind != "model":
        return False
    try:
        return resolve(flow.workspace_id, name).source == Source.SHIPPED
    except NodeError:
        return False


def _sees_the_workspace(asker: Asker) -> bool:
    """A member whose right over this flow alone was raised."""
    return asker.home is not None and asker.home.workspace == asker.workspace
