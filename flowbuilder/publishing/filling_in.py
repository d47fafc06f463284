"""The form with which a published flow begins, as visitors see it."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.models import Doors
from flowbuilder.runs.forms import forms_of
from nodes.flow.fields import FileField, FormField, LongTextField

START = "flow.start"


def form_of(doors: Doors) -> dict[str, Any] | None:
    """Intro, fields and the button's words; None where visitors ask a question instead."""
    forms = forms_of(_graph(doors.flow))
    if not forms:
        return None
    fields = [field.describe() for field in _fields(doors.flow)]
    return {"intro": forms[0].intro, "button": forms[0].button, "fields": fields}


def fields_of_form(doors: Doors) -> set[str]:
    return {field.name for field in _fields(doors.flow)}


def file_fields_of_form(doors: Doors) -> list[str]:
    return [field.name for field in _fields(doors.flow) if isinstance(field, FileField)]


def _fields(flow: Flow) -> list[FormField]:
    """Of all its forms; a Start beside them asks its question there, too."""
    graph = _graph(flow)
    fields: list[FormField] = [field for form in forms_of(graph) for field in form.fields]
    start = next((node for node in graph.nodes if node.type == START and node.mode == "on"), None)
    if fields and start and all(field.name != "question" for field in fields):
        label = str(start.settings.get("question_label") or "Question")
        fields.append(
            LongTextField(name="question", label=label[:200], required=not start.settings.get("example"))
        )
    return fields


def _graph(flow: Flow) -> Graph:
    return Graph.model_validate(flow.published_version.graph if flow.published_version else {})
