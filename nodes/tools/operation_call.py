"""A call of an API operation: values checked against its description, then put where each belongs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from nodes.base import NodeError, Operation
from nodes.json_rules import errors_of
from nodes.tools.plain import plain, shown

BODY = "body"
PLACES = ("path", "query", "header")


@dataclass(frozen=True)
class Call:
    url: str
    headers: dict[str, str]
    content: bytes


def schema_of(operation: Operation) -> dict[str, Any]:
    """The JSON Schema of everything that a call may give."""
    definitions: dict[str, Any] = {}
    fields = {each["name"]: _field(each, definitions) for each in _taken(operation)}
    required = [each["name"] for each in _taken(operation) if each.get("required")]
    if operation.request is not None:
        fields[BODY] = _hoisted(operation.request, definitions)
        required += [BODY] if operation.request_required else []
    schema = {"type": "object", "properties": fields, "required": required, "additionalProperties": False}
    return {**schema, "$defs": definitions} if definitions else schema


def _field(parameter: Mapping[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    schema = _hoisted(parameter.get("schema") or {}, definitions)
    about = str(parameter.get("description") or "")
    return {**schema, "description": about} if about and "description" not in schema else schema


def _hoisted(schema: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """References of a part go by the whole's root: its definitions move there."""
    if not isinstance(schema, dict):
        return {}
    definitions.update(schema.get("$defs", {}))
    return {name: rule for name, rule in schema.items() if name != "$defs"}


def _taken(operation: Operation) -> list[Mapping[str, Any]]:
    return [each for each in operation.parameters if each.get("in") in PLACES]


def checked(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the types of the description; ``NodeError`` lists what is wrong."""
    schema = schema_of(operation)
    known, definitions = schema["properties"], schema.get("$defs", {})
    unknown = [name for name in given if name not in known]
    if unknown:
        raise NodeError(
            f"'{operation.ref}' takes no '{unknown[0]}'. It takes: {', '.join(known) or 'nothing'}."
        )
    missing = [name for name in schema["required"] if given.get(name) in (None, "")]
    if missing:
        raise NodeError(f"'{operation.ref}' needs '{missing[0]}': wire it in, or give it in 'values'.")
    values, reasons = {}, []
    for name, value in given.items():
        if value is None:
            continue
        rules = {**known[name], "$defs": definitions} if definitions else known[name]
        candidates = _meanings(plain(value))
        fitting = next((each for each in candidates if not errors_of(each, rules)), None)
        if fitting is None:
            reasons.append(f"'{name}': {errors_of(candidates[0], rules)[0].partition(': ')[2]}")
        else:
            values[name] = fitting
    if reasons:
        raise NodeError(f"'{operation.ref}' was not called: {'; '.join(reasons[:8])}.")
    return values


def _meanings(value: Any) -> list[Any]:
    """What arrives as text may mean a number, a yes or an object."""
    if not isinstance(value, str):
        return [value]
    try:
        return [value, json.loads(value)]
    except (ValueError, RecursionError):
        return [value]


def call_of(operation: Operation, server: str, values: Mapping[str, Any]) -> Call:
    """Styles as OpenAPI has them where a description names none: ``simple`` in paths and headers, ``form`` in queries."""
    path, query, headers = operation.path, [], {}
    for parameter in _taken(operation):
        name, where = parameter["name"], parameter["in"]
        if name not in values:
            continue
        value = values[name]
        if where == "path":
            said = _simple(value)
            if said in {".", ".."}:
                raise NodeError(f"'{name}' is '{said}', which would lead elsewhere.")
            path = path.replace(f"{{{name}}}", quote(said, safe=","))
        elif where == "query":
            each = value if isinstance(value, list) else [value]
            query += [(name, _simple(part)) for part in each]
        else:
            headers[name] = " ".join(_simple(value).split())
    content, kind = b"", operation.request_type or "application/json"
    if BODY in values and "json" in kind:
        content, headers["Content-Type"] = json.dumps(values[BODY], ensure_ascii=False).encode(), kind
    elif BODY in values and "form-urlencoded" in kind and isinstance(values[BODY], dict):
        content = urlencode({name: _simple(part) for name, part in values[BODY].items()}).encode()
        headers["Content-Type"] = kind
    elif BODY in values:
        content, headers["Content-Type"] = shown(values[BODY]).encode(), kind
    address = server.rstrip("/") + path
    return Call(f"{address}?{urlencode(query)}" if query else address, headers, content)


def _simple(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_simple, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
