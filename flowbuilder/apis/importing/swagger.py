"""Swagger 2.0 as OpenAPI 3.0."""

from __future__ import annotations

from typing import Any

from openapi_spec_validator import OpenAPIV2SpecValidator

from flowbuilder.apis.importing.local import target
from flowbuilder.apis.importing.openapi import first_fault
from flowbuilder.apis.importing.refusal import Refused

METHODS = frozenset("get put post delete options head patch trace".split())
ABOUT_A_VALUE = frozenset(
    "type format items default enum maximum minimum exclusiveMaximum exclusiveMinimum maxLength minLength pattern "
    "maxItems minItems uniqueItems multipleOf".split()
)
JSON_TYPE = "application/json"


def converted(document: dict[str, Any]) -> dict[str, Any]:
    base = str(document.get("basePath", ""))
    return {
        "openapi": "3.0.3",
        "info": document.get("info", {}),
        **({"servers": [{"url": base}]} if base not in {"", "/"} else {}),
        "paths": {path: _item(document, item) for path, item in (document.get("paths") or {}).items()},
        "components": {
            "schemas": {name: _schema(rule) for name, rule in (document.get("definitions") or {}).items()}
        },
    }


def fault_in(document: dict[str, Any]) -> Refused:
    return first_fault(OpenAPIV2SpecValidator(document)) or Refused(
        "It is not written as Swagger 2.0 has it."
    )


def _item(document: dict[str, Any], item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    shared = item.get("parameters") or []
    return {
        method: _operation(document, operation, shared)
        for method, operation in item.items()
        if method in METHODS and isinstance(operation, dict)
    }


def _operation(document: dict[str, Any], operation: dict[str, Any], shared: list[Any]) -> dict[str, Any]:
    parameters = [target(document, each) for each in [*shared, *(operation.get("parameters") or [])]]
    told = {(each.get("name"), each.get("in")): each for each in parameters if isinstance(each, dict)}
    takes = (operation.get("consumes") or document.get("consumes") or [JSON_TYPE])[0]
    gives = (operation.get("produces") or document.get("produces") or [JSON_TYPE])[0]
    found: dict[str, Any] = {
        name: operation[name]
        for name in ("summary", "description", "operationId", "tags", "deprecated")
        if name in operation
    }
    found["parameters"] = [
        _parameter(each) for each in told.values() if each.get("in") in {"path", "query", "header"}
    ]
    if body := _body(list(told.values()), takes):
        found["requestBody"] = body
    found["responses"] = {
        status: _response(target(document, response), gives)
        for status, response in (operation.get("responses") or {}).items()
        if not status.startswith("x-")
    }
    return found


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: parameter[name] for name in ("name", "in", "description", "required") if name in parameter},
        "schema": _schema({name: parameter[name] for name in ABOUT_A_VALUE if name in parameter}),
    }


def _body(parameters: list[dict[str, Any]], takes: str) -> dict[str, Any] | None:
    for parameter in parameters:
        if parameter.get("in") == "body":
            content = {takes: {"schema": _schema(parameter.get("schema", {}))}}
            return {"content": content, "required": bool(parameter.get("required"))}
    form = [each for each in parameters if each.get("in") == "formData"]
    if not form:
        return None
    schema = {
        "type": "object",
        "properties": {each["name"]: _parameter(each)["schema"] for each in form},
        "required": [each["name"] for each in form if each.get("required")],
    }
    if not schema["required"]:
        del schema["required"]
    files = any(each.get("type") == "file" for each in form)
    kind = "multipart/form-data" if files else "application/x-www-form-urlencoded"
    return {"content": {kind: {"schema": schema}}}


def _response(response: Any, gives: str) -> dict[str, Any]:
    found: dict[str, Any] = {"description": str(response.get("description", ""))}
    if "schema" not in response:
        return found
    examples = response.get("examples") or {}
    content: dict[str, Any] = {"schema": _schema(response["schema"])}
    if examples:
        content["example"] = next(iter(examples.values()))
    return {**found, "content": {gives: content}}


def _schema(rule: Any) -> Any:
    """The dialects differ in little: where components stand, files, and what a discriminator is."""
    if isinstance(rule, list):
        return [_schema(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    found = {
        word: value if word in {"example", "default", "enum"} else _schema(value)
        for word, value in rule.items()
        if word != "collectionFormat"
    }
    if isinstance(found.get("$ref"), str):
        found["$ref"] = found["$ref"].replace("#/definitions/", "#/components/schemas/", 1)
    if found.get("type") == "file":
        found |= {"type": "string", "format": "binary"}
    if found.pop("x-nullable", False) is True:
        found["nullable"] = True
    if isinstance(found.get("discriminator"), str):
        found["discriminator"] = {"propertyName": found["discriminator"]}
    return found
