"""Settings that a caller changes for one run: those that the flow's owner leaves to callers, held to the node's schema."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph, NodeSpec
from flowbuilder.flows.nodes import catalogue
from nodes.base import NodeError


def overridden(
    graph: Graph, wanted: Mapping[str, Mapping[str, Any]], allowed: Collection[tuple[str, str]]
) -> Graph:
    """The graph with those settings. ``ApiError`` 422 names each that is not allowed, or does not fit its node."""
    wrong: dict[str, str] = {}
    for path, settings in wanted.items():
        known = {setting for node, setting in allowed if node == path}
        for setting in settings.keys() - known:
            wrong[f"overrides.{path}.{setting}"] = _refusal(path, setting, allowed)
        if settings.keys() <= known:
            try:
                graph = graph.replaced(path, changed(graph.node(path), settings))
            except KeyError:
                wrong[f"overrides.{path}"] = f"The flow has no node '{path}'."
            except NodeError as error:
                wrong[f"overrides.{path}"] = f"Node '{path}': {error}"
    if wrong:
        details = [{"where": where, "message": message} for where, message in sorted(wrong.items())]
        message = " ".join(row["message"] for row in details)
        raise ApiError("override_refused", message, 422, details)
    return graph


def changed(spec: NodeSpec, settings: Mapping[str, Any]) -> NodeSpec:
    """The node with other settings; ``NodeError`` names the one that is wrong."""
    kind = catalogue().kind(spec.type)
    before = dict(spec.settings)
    if spec.version < kind.settings_version:
        before = kind.upgrade(before, spec.version)
    version = max(spec.version, kind.settings_version)
    found = spec.model_copy(update={"settings": {**before, **settings}, "version": version})
    catalogue().build(found)
    return found


def _refusal(path: str, setting: str, allowed: Collection[tuple[str, str]]) -> str:
    there = ", ".join(sorted(f"{node}.{name}" for node, name in allowed)) or "nothing"
    return (
        f"'{path}.{setting}' may not be overridden; the owner of the flow leaves {there} to callers. "
        "An editor changes that on its Publish page."
    )
