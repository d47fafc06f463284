"""What a model is asked for a flow: the nodes that there are, two flows like it, and the shape of the answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flowbuilder.engine.catalogue import describe
from flowbuilder.flows.describing.nearest import Near, terms
from flowbuilder.flows.gallery import Template
from flowbuilder.flows.nodes import catalogue

ALWAYS = (
    "flow.start",
    "flow.reply",
    "text.prompt",
    "language.local_model",
    "language.structured",
    "knowledge.retrieve",
    "flow.condition",
    "flow.merge",
)
WITH_A_BODY = frozenset({"flow.group", "flow.each", "flow.repeat", "flow.group_input", "flow.group_output"})
"""What stands in a group is a graph of its own, which a draft does not draw."""
MOST_TYPES = 24
MOST_NODES = 40
LONGEST = 4000


def types_for(words: str, near: Sequence[Near]) -> list[str]:
    """The node types to choose from: what most flows have, what the nearest flows have, and what the words name."""
    kinds = catalogue()
    used = [node["type"] for found in near[:3] for node in found.template.graph.get("nodes", [])]
    asked = set(terms(words))
    scores = {}
    for type_id, kind in kinds.kinds.items():
        if type_id in WITH_A_BODY:
            continue
        said = describe(type_id, kind)
        about = set(
            terms(" ".join([said["title"], said["description"], *said["tags"], type_id.replace(".", " ")]))
        )
        scores[type_id] = len(asked & about)
    named = sorted((type_id for type_id in scores if scores[type_id]), key=lambda type_id: -scores[type_id])
    found = [kinds.named(type_id) for type_id in [*ALWAYS, *used, *named]]
    return [type_id for type_id in dict.fromkeys(found) if type_id in scores][:MOST_TYPES]


def question(words: str, types: Sequence[str], near: Sequence[Near]) -> str:
    listed = "\n".join(_described(type_id) for type_id in types)
    examples = "\n\n".join(
        f"Example: {found.template.title}. {found.template.description}\n{json.dumps(shown(found.template), ensure_ascii=False)}"
        for found in near[:2]
    )
    return (
        "Draw a flow: nodes that each do one thing, and wires from an output of one to an input of another. It begins at flow.start, "
        "which gives the question, and ends at flow.reply, whose input 'content' is the answer. A text.prompt has one input for each "
        "{{ name }} in its template. Use as few nodes as will do. Write labels and prompts in the language of the description.\n\n"
        f"The nodes that there are:\n{listed}\n\n{examples}\n\nThe description:\n{words.strip()[:LONGEST]}\n\n"
        "Answer with one JSON object of nodes and wires, like the examples."
    )


def _described(type_id: str) -> str:
    said = describe(type_id, catalogue().kind(type_id))
    inputs = ", ".join(port["name"] for port in said["inputs"]) or "-"
    outputs = ", ".join(port["name"] for port in said["outputs"]) or "-"
    settings = ", ".join(list(said["settings_schema"].get("properties", {}))[:6])
    return f"- {type_id}: {said['description']} inputs: {inputs}; outputs: {outputs}" + (
        f"; settings: {settings}" if settings else ""
    )


def shown(template: Template) -> dict[str, Any]:
    """As a model shall write it."""
    graph = template.graph
    return {
        "nodes": [
            {
                "id": node["id"],
                "type": node["type"],
                "label": node.get("label", ""),
                "settings": _short(node.get("settings", {})),
            }
            for node in graph.get("nodes", [])
        ],
        "wires": [
            {
                "from": f"{wire['source']}.{wire.get('source_port', 'out')}",
                "to": f"{wire['target']}.{wire['target_port']}",
            }
            for wire in graph.get("wires", [])
        ],
    }


def _short(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if len(json.dumps(value)) < 400}


def shape(types: Sequence[str]) -> dict[str, Any]:
    """The JSON Schema that decoding is held to: only types that there are."""
    end = {"type": "string", "pattern": r"^[a-z][a-z0-9_]{0,40}\.[A-Za-z][A-Za-z0-9_]{0,40}$"}
    value = {"type": ["string", "number", "boolean"]}
    node = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": r"^[a-z][a-z0-9_]{0,40}$"},
            "type": {"enum": list(types)},
            "label": {"type": "string", "maxLength": 60},
            "settings": {"type": "object", "additionalProperties": value},
        },
        "required": ["id", "type", "label", "settings"],
        "additionalProperties": False,
    }
    wire = {
        "type": "object",
        "properties": {"from": end, "to": end},
        "required": ["from", "to"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "nodes": {"type": "array", "items": node, "minItems": 2, "maxItems": MOST_NODES},
            "wires": {"type": "array", "items": wire, "maxItems": 2 * MOST_NODES},
        },
        "required": ["nodes", "wires"],
        "additionalProperties": False,
    }
