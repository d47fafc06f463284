"""What a published flow is given, with types: its Start's question and its form's fields, as JSON Schema and as an example."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.graph import Graph, NodeSpec
from flowbuilder.flows.models import Flow
from flowbuilder.runs.forms import forms_of
from nodes.flow.fields import ChoiceField, DateField, FormField, JsonField, NumberField, YesNoField

QUESTION = "question"
START = "flow.start"
A_DAY = "2030-01-31"


def input_schema(flow: Flow) -> dict[str, Any]:
    """An object with a property for each input. A flow that only triggers start has none."""
    graph = live_graph(flow)
    properties = {field.name: _property(field) for field in form_fields(graph)}
    required = [
        field.name for field in form_fields(graph) if field.required and field.fallback() in (None, "")
    ]
    start = start_of(graph)
    if start is not None and QUESTION not in properties:
        label = str(start.settings.get("question_label") or "") or "The question"
        properties = {QUESTION: {"type": "string", "description": label}} | properties
        if not start.settings.get("example"):
            required = [QUESTION, *required]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def example_inputs(flow: Flow) -> dict[str, Any]:
    """What the flow can be run with as it stands: the Start's own example, the fields' defaults, else something that fits."""
    graph = live_graph(flow)
    found = {field.name: _example(field) for field in form_fields(graph)}
    start = start_of(graph)
    if (start is not None or not found) and QUESTION not in found:
        found = {QUESTION: str((start.settings.get("example") if start else "") or "Hello")} | found
    return found


def live_graph(flow: Flow) -> Graph:
    """The draft's where nothing is live: what would be published now."""
    drawn = flow.published_version.graph if flow.published_version else flow.graph
    return Graph.model_validate(drawn)


def form_fields(graph: Graph) -> list[FormField]:
    return [field for form in forms_of(graph) for field in form.fields]


def start_of(graph: Graph) -> NodeSpec | None:
    return next((node for node in graph.nodes if node.type == START and node.mode == "on"), None)


def _property(field: FormField) -> dict[str, Any]:
    told: dict[str, Any] = {"title": field.title, "description": field.help or field.title}
    if (default := field.fallback()) not in (None, ""):
        told["default"] = default
    return told | _kind(field)


def _kind(field: FormField) -> dict[str, Any]:
    if isinstance(field, NumberField):
        bounds = {"minimum": field.minimum, "maximum": field.maximum}
        kept = {name: bound for name, bound in bounds.items() if bound is not None}
        return {"type": "integer" if field.whole else "number", **kept}
    if isinstance(field, YesNoField):
        return {"type": "boolean"}
    if isinstance(field, ChoiceField):
        return {"type": "string", "enum": list(field.choices)}
    if isinstance(field, DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, JsonField):
        return {"type": ["object", "array"]}
    return {"type": "string"}


def _example(field: FormField) -> Any:
    default = field.fallback()
    if default not in (None, ""):
        return default
    if isinstance(field, NumberField):
        number = field.minimum if field.minimum is not None else min(1, field.maximum or 1)
        return int(number) if field.whole else number
    if isinstance(field, ChoiceField):
        return field.choices[0]
    if isinstance(field, YesNoField):
        return False
    if isinstance(field, DateField):
        return A_DAY
    return {} if isinstance(field, JsonField) else field.title
