"""The gallery in the reader's language: its files are written in English, the catalogue holds the rest.

An example that works by its words, such as a table or what a rule looks for, is the same in every language: the catalogue says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language, pgettext

from flowbuilder.flows.gallery import Template, templates

CONTEXT = "gallery"
SAID = {
    "flow.start": ("question_label", "example"),
    "flow.form": ("intro", "button"),
    "flow.approval": ("question",),
    "flow.webhook": ("example",),
}
"""By type of node, the settings that people read."""


def spoken(template: Template) -> Template:
    """As the reader reads it, its graph as well. What people saved stays in their words."""
    if template.saved or get_language() in {None, "en"}:
        return template
    title, description = _say(template.title), _say(template.description)
    return replace(template, title=title, description=description, graph=_graph(template.graph, _say))


def texts() -> Iterator[tuple[str, str]]:
    """All that ``spoken`` would look up, each with its template's slug."""
    for template in templates():
        found = [template.title, template.description]
        _graph(template.graph, lambda text, found=found: found.append(text) or text)
        yield from ((template.slug, text) for text in found)


def _say(text: str) -> str:
    return pgettext(CONTEXT, text) if text else text


def _graph(graph: dict[str, Any], say: Callable[[str], str]) -> dict[str, Any]:
    notes = [{**note, "text": say(note["text"])} for note in graph.get("notes", ())]
    return {**graph, "nodes": [_node(node, say) for node in graph["nodes"]], "notes": notes}


def _node(node: dict[str, Any], say: Callable[[str], str]) -> dict[str, Any]:
    settings = dict(node.get("settings", {}))
    for name in SAID.get(node["type"], ()):
        if settings.get(name):
            settings[name] = say(settings[name])
    if node["type"] == "flow.form":
        settings["fields"] = [
            {**field, "label": say(field["label"])} if field.get("label") else field
            for field in settings.get("fields", ())
        ]
    told = {**node, "settings": settings} if settings else dict(node)
    if node.get("label"):
        told["label"] = say(node["label"])
    if node.get("body"):
        told["body"] = _graph(node["body"], say)
    return told
