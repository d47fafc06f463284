"""Checks an OpenAPI 3 document and reads its operations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from flowbuilder.apis.importing.local import target
from flowbuilder.apis.importing.refusal import Refused
from flowbuilder.apis.importing.schemas import Direction, standalone

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
VALIDATORS = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}
MOST_OPERATIONS = 2000
# Where jsonschema-rs happens to be installed the validator would speak in its words, which name no single place.
os.environ["OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND"] = "jsonschema"


def check(document: dict[str, Any]) -> None:
    """Names the first place that is not as OpenAPI has it."""
    kind = VALIDATORS.get(str(document.get("openapi"))[:3])
    if kind is None:
        raise Refused(
            f"OpenAPI {str(document.get('openapi'))[:20]} is not known; 3.0 and 3.1 are.", "openapi"
        )
    if (fault := first_fault(kind(document))) is not None:
        raise fault


def first_fault(validator: Any) -> Refused | None:
    try:
        for error in validator.iter_errors():
            worst = _innermost(error)
            place = ".".join(str(part) for part in worst.absolute_path) or "the document"
            return Refused(str(worst.message)[:400], place)
    except RecursionError:
        return Refused("Its schemas refer to each other without an end.")
    except Exception as error:  # what the validator did not foresee is a fault of the document all the same
        return Refused(f"It cannot be checked: {str(error)[:300]}")
    return None


def _innermost(error: Any) -> Any:
    """Of an alternative, the branch that came closest: its deepest complaint tells most."""
    telling = {"required", "type", "enum", "const"}
    while error.context:
        error = max(error.context, key=lambda inner: (len(inner.absolute_path), inner.validator in telling))
    return error


def operations_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for path, item in (document.get("paths") or {}).items():
        item = target(document, item)
        for method in METHODS:
            if method in item:
                place = f"paths.{path}.{method}"
                try:
                    found.append(_operation(document, path, method, item, item[method]))
                except Refused as refused:
                    raise Refused(str(refused), place) from None
        if len(found) > MOST_OPERATIONS:
            raise Refused(f"It has more than {MOST_OPERATIONS} operations; divide it.")
    if not found:
        raise Refused("It has no operations.", "paths")
    return found


def _operation(
    document: dict[str, Any], path: str, method: str, item: dict[str, Any], operation: dict[str, Any]
) -> dict[str, Any]:
    body = target(document, operation.get("requestBody")) or {}
    kind, request = _content(document, body.get("content"), "request")
    responses = {}
    for status, response in (operation.get("responses") or {}).items():
        response = target(document, response)
        responses[status.upper() if status != "default" else status] = {
            "description": str(response.get("description", "")),
            "schema": _content(document, response.get("content"), "response")[1],
        }
    return {
        "method": method.upper(),
        "path": path,
        "operation_id": str(operation.get("operationId", "")),
        "summary": str(operation.get("summary") or operation.get("description") or "")[:300],
        "description": str(operation.get("description", "")),
        "tags": [str(tag) for tag in operation.get("tags") or []][:20],
        "parameters": list(
            _parameters(document, [*(item.get("parameters") or []), *(operation.get("parameters") or [])])
        ),
        "request": request,
        "request_type": kind,
        "request_required": bool(body.get("required")),
        "responses": responses,
    }


def _content(
    document: dict[str, Any], content: Any, direction: Direction
) -> tuple[str, dict[str, Any] | None]:
    """The type and schema of JSON, where it is offered; else of what stands first."""
    if not isinstance(content, dict) or not content:
        return "", None
    kind = min(
        content, key=lambda each: (each != "application/json", "json" not in each, each not in {"*/*"})
    )
    told = content[kind] if isinstance(content[kind], dict) else {}
    if "schema" not in told:
        return kind, None
    named = (
        [target(document, each) for each in (told.get("examples") or {}).values()]
        if isinstance(told.get("examples"), dict)
        else []
    )
    examples = [each["value"] for each in named if isinstance(each, dict) and "value" in each]
    examples += [told["example"]] if "example" in told else []
    return kind, standalone(document, told["schema"], direction, tuple(examples))


def _parameters(document: dict[str, Any], listed: list[Any]) -> Iterator[dict[str, Any]]:
    """Path's and query's; an operation's own stand in place of its path's."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for each in listed:
        parameter = target(document, each)
        told[parameter.get("in", ""), parameter.get("name", "")] = parameter
    for (where, name), parameter in told.items():
        if where in {"path", "query", "header"}:
            schema = parameter.get("schema", {})
            yield {
                "name": name,
                "in": where,
                "required": bool(parameter.get("required")),
                "description": str(parameter.get("description", "")),
                "schema": standalone(document, schema, "request"),
            }
