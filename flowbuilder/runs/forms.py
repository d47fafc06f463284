"""The forms of a flow: what people are asked before a run, and what a run is given held to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.nodes import catalogue
from nodes.flow.entering import TRIGGERS
from nodes.flow.fields import check
from nodes.flow.form import Form


def forms_of(graph: Graph, only: set[str] | None = None) -> list[Form]:
    """Of what stands at the top: a form in a group is filled in by the group."""
    asked = (node for node in graph.nodes if node.type == "flow.form" and node.mode == "on")
    built = (catalogue().build(node) for node in asked if only is None or node.id in only)
    return [form for form in built if isinstance(form, Form)]


def must_be_filled_in(graph: Graph, inputs: Mapping[str, Any], only: set[str] | None = None) -> None:
    """``ApiError`` 422 names every field that cannot be read. A trigger fills in nothing, and is asked for nothing;
    neither is a form that a run of ``only`` some nodes leaves out."""
    if any(name in inputs for name in TRIGGERS):
        return
    wrong: dict[str, str] = {}
    for form in forms_of(graph, only):
        wrong |= check(form.fields, inputs)[1]
    if wrong:
        details = [{"where": f"inputs.{name}", "message": message} for name, message in wrong.items()]
        raise ApiError("invalid_inputs", " ".join(wrong.values()), 422, details)
