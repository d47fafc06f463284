"""An OpenAPI 3 or Swagger 2 document as knowledge: each operation and each schema a section, its fields a table.

References stay names: a field of type ``Parcel`` is found in the section of that schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.knowledge.loaders import Unreadable
from flowbuilder.knowledge.loaders.markdown import cell_text, table
from flowbuilder.knowledge.loaders.parsing import parse

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
RULES = (
    ("format", "format"),
    ("pattern", "pattern"),
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("exclusiveMinimum", "above"),
    ("exclusiveMaximum", "below"),
    ("multipleOf", "multiple of"),
    ("minLength", "min length"),
    ("maxLength", "max length"),
    ("minItems", "min items"),
    ("maxItems", "max items"),
    ("const", "always"),
    ("default", "default"),
    ("example", "example"),
)
DEEPEST = 6


def load(data: bytes, format: str) -> str:
    document = parse(data, format)
    if not isinstance(document, dict) or not ({"openapi", "swagger"} & set(document)):
        raise Unreadable("It is no OpenAPI document: it has neither 'openapi' nor 'swagger' at its top.")
    return "\n\n".join(part for part in _parts(document) if part)


def _parts(document: dict[str, Any]) -> Iterator[str]:
    info = _dict(document.get("info"))
    yield f"# {cell_text(info.get('title') or 'API')} {cell_text(info.get('version'))}".rstrip()
    yield str(info.get("description") or "")
    servers = [server.get("url") for server in _dicts(document.get("servers"))]
    yield f"Servers: {', '.join(map(cell_text, servers))}" if servers else ""
    for path, item in _dict(document.get("paths")).items():
        for method in METHODS:
            if isinstance(operation := _dict(item).get(method), dict):
                yield from _operation(method, path, operation, _dict(item).get("parameters"))
    components = _dict(document.get("components"))
    schemas = {**_dict(components.get("schemas")), **_dict(document.get("definitions"))}
    for name, schema in schemas.items():
        yield f"## Schema {name}"
        yield from describe(_dict(schema))


def _operation(method: str, path: str, operation: dict[str, Any], shared: Any) -> Iterator[str]:
    yield f"## {method.upper()} {path}"
    yield "\n\n".join(str(operation[key]).strip() for key in ("summary", "description") if operation.get(key))
    if operation.get("operationId"):
        yield f"Operation: {operation['operationId']}"
    parameters = [*_dicts(shared), *_dicts(operation.get("parameters"))]
    rows = [_parameter(parameter) for parameter in parameters if parameter.get("in") != "body"]
    yield table([["parameter", "in", "type", "required", "description"], *rows]) if rows else ""
    bodies = [parameter.get("schema") for parameter in parameters if parameter.get("in") == "body"]
    bodies += [media.get("schema") for media in _media(operation.get("requestBody"))]
    for schema in bodies:
        yield from describe(_dict(schema), lead="Request body")
    for status, response in _dict(operation.get("responses")).items():
        response = _dict(response)
        says = cell_text(response.get("description") or _name(response.get("$ref")))
        yield f"Response {status}: {says}".rstrip(": ")
        schemas = [response.get("schema"), *(media.get("schema") for media in _media(response))]
        for schema in schemas:
            if schema:
                yield from describe(_dict(schema), lead=f"Response {status} body")


def _parameter(parameter: dict[str, Any]) -> list[str]:
    if "$ref" in parameter:
        return [_name(parameter["$ref"]), "", "", "", ""]
    schema = _dict(parameter.get("schema")) or parameter
    return [
        str(parameter.get("name", "")),
        str(parameter.get("in", "")),
        type_of(schema),
        "yes" if parameter.get("required") else "no",
        says_of({**schema, "description": parameter.get("description")}),
    ]


def _media(holder: Any) -> list[dict[str, Any]]:
    return [_dict(media) for media in list(_dict(_dict(holder).get("content")).values())[:1]]


def describe(schema: dict[str, Any], lead: str = "") -> Iterator[str]:
    """What it is, and a table of its fields; those of nested objects by their path."""
    rows = list(fields(schema))
    about = " ".join(part for part in (type_of(schema), says_of(schema)) if part)
    yield f"{lead}: {about}" if lead else about
    if rows:
        yield table([["field", "type", "required", "description"], *rows])


def fields(schema: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[list[str]]:
    if depth > DEEPEST:
        return
    for part in _dicts(schema.get("allOf")):
        yield from fields(part, prefix, depth + 1)
    required = schema.get("required")
    needed = set(required) if isinstance(required, list) else set()
    for name, field in _dict(schema.get("properties")).items():
        field = _dict(field)
        yield [f"{prefix}{name}", type_of(field), "yes" if name in needed else "no", says_of(field)]
        yield from fields(field, f"{prefix}{name}.", depth + 1)
    if isinstance(items := schema.get("items"), dict):
        yield from fields(items, f"{prefix.rstrip('.')}[].", depth + 1)


def type_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"])
    for joined, sign in (("allOf", " and "), ("oneOf", " or "), ("anyOf", " or ")):
        if parts := _dicts(schema.get(joined)):
            return sign.join(dict.fromkeys(type_of(part) for part in parts))
    kind = schema.get("type") or ("object" if "properties" in schema else "any")
    if kind == "array":
        return f"array of {type_of(_dict(schema.get('items')))}"
    return " or ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def says_of(schema: dict[str, Any]) -> str:
    told = [cell_text(schema.get("description")).replace("\\|", "|")] if schema.get("description") else []
    if isinstance(values := schema.get("enum"), list):
        told.append(f"one of: {', '.join(map(cell_text, values))}")
    told += [f"{word}: {cell_text(schema[key])}" for key, word in RULES if schema.get(key) is not None]
    return "; ".join(told)


def _name(reference: Any) -> str:
    return str(reference or "").rsplit("/", 1)[-1]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [inner for inner in value if isinstance(inner, dict)] if isinstance(value, list) else []
