"""An OpenAPI 3.1 document out of single requests, as Postman and curl have them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.apis.importing.inferring import schema_of

VARIABLE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}|:([A-Za-z_]\w*)|\{([\w.-]+)\}|<([\w.-]+)>")


@dataclass
class Request:
    """One request, with what it was answered."""

    method: str
    path: str
    name: str = ""
    description: str = ""
    body: Any = None
    body_type: str = ""
    query: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Any]] = field(default_factory=dict)
    """Bodies by status; without one for a status that has no JSON."""


def document_of(title: str, requests: list[Request], description: str = "") -> dict[str, Any]:
    """Requests to the same place are one operation, with all their answers."""
    paths: dict[str, dict[str, Any]] = {}
    grouped: dict[tuple[str, str], list[Request]] = {}
    for request in requests:
        grouped.setdefault((request.path, request.method.lower()), []).append(request)
    for (path, method), same in grouped.items():
        paths.setdefault(path, {})[method] = _operation(path, same)
    info = {"title": title or "Imported API", "version": "1"}
    if description:
        info["description"] = description
    return {"openapi": "3.1.0", "info": info, "paths": paths}


def _operation(path: str, requests: list[Request]) -> dict[str, Any]:
    first = requests[0]
    found: dict[str, Any] = {"summary": first.name or f"{first.method} {path}"}
    if first.description:
        found["description"] = first.description
    found["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{([^}]+)\}", path)
    ] + [
        {
            "name": name,
            "in": "query",
            "schema": {"type": "string", **({"examples": [value]} if value else {})},
        }
        for name, value in {
            name: value for request in requests for name, value in request.query.items()
        }.items()
    ]
    bodies = [request.body for request in requests if request.body is not None]
    if bodies:
        kind = first.body_type or "application/json"
        found["requestBody"] = {"content": {kind: {"schema": schema_of(bodies)}}}
    answers: dict[str, list[Any]] = {}
    for request in requests:
        for status, given in request.answers.items():
            answers.setdefault(status, []).extend(given)
    found["responses"] = {status: _answer(status, given) for status, given in sorted(answers.items())} or {
        "default": {"description": "Nothing is told of its answers."}
    }
    return found


def _answer(status: str, bodies: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"description": f"Answer {status}"}
    if bodies:
        found["content"] = {"application/json": {"schema": schema_of(bodies)}}
    return found


def templated(path: str, *, guess: bool = False) -> str:
    """A path with ``{name}`` for each variable; ``guess`` takes parts that look like ids for such."""
    steps: list[str] = []
    for step in path.strip("/").split("/"):
        if found := VARIABLE.fullmatch(step):
            step = "{" + next(filter(None, found.groups())) + "}"
        elif guess and re.search(r"\d", step) and not re.fullmatch(r"v\d+", step):
            before = steps[-1] if steps and not steps[-1].startswith("{") else "item"
            step = "{" + re.sub(r"\W", "_", before.removesuffix("s")) + "_id}"
        steps.append(step)
    return "/" + "/".join(_distinct(steps))


def _distinct(steps: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for step in steps:
        if step.startswith("{"):
            seen[step] = seen.get(step, 0) + 1
            step = step if seen[step] == 1 else f"{step[:-1]}_{seen[step]}}}"
        found.append(step)
    return found


def json_in(text: Any) -> Any:
    """The JSON that a text holds, with ``{{variables}}`` as texts; None where it holds none."""
    if not isinstance(text, str) or not text.strip():
        return None
    for written in (text, re.sub(r'(?<!")\{\{[\w.-]+\}\}(?!")', '"x"', text)):
        try:
            return json.loads(written)
        except (json.JSONDecodeError, RecursionError):
            continue
    return None
