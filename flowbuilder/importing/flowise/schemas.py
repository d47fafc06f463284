"""What Flowise asks a model to answer, as JSON Schema: lists of fields, and the few zod calls that its templates write."""

from __future__ import annotations

import json
import re
from typing import Any

TYPES = {"string": "string", "number": "number", "boolean": "boolean"}
ZOD = re.compile(
    r"(\w+)\s*:\s*z\.(string|number|boolean|enum|array)\b([^\n]*?)(?:,\s*)?(?://\s*(.*))?$", re.MULTILINE
)
WORDS = re.compile(r"""["'`]([^"'`]{1,100})["'`]""")
LIST = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"type": "string"}}},
    "required": ["items"],
}


def of_rows(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Of ``[{key, type, enumValues, jsonSchema, description}]``."""
    fields = {str(row["key"]): _field(row) for row in rows if isinstance(row.get("key"), str) and row["key"]}
    return _record(fields) if fields else None


def of_text(text: Any) -> dict[str, Any] | None:
    """Of the same rows as JSON in a text, as older nodes have them."""
    try:
        rows = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list):
        return None
    found = [row for row in rows if isinstance(row, dict)]
    return of_rows([{**row, "key": row.get("key", row.get("property"))} for row in found])


def of_zod(code: str) -> dict[str, Any] | None:
    """Of zod's plain fields; what stands deeper is text. Read by its words: nothing is run."""
    fields: dict[str, Any] = {}
    for name, kind, rest, about in ZOD.findall(code[:20_000]):
        if kind == "array" and "object" in rest:
            continue
        rule: dict[str, Any] = {"type": TYPES.get(kind, "string")}
        if kind == "enum":
            rule = {"type": "string"}
        elif kind == "array":
            rule = {"type": "array", "items": {"type": "string"}}
        fields[name] = {**rule, **({"description": about.strip()} if about else {})}
    if not fields:
        return None
    record = _record(fields)
    if re.match(r"\s*z\.array", code):
        return _record({"items": {"type": "array", "items": record}})
    return record


def _field(row: dict[str, Any]) -> dict[str, Any]:
    kind = str(row.get("type", "string")).lower().replace(" ", "")
    about = (
        {"description": row["description"]}
        if isinstance(row.get("description"), str) and row["description"]
        else {}
    )
    if kind == "enum":
        values = [value.strip() for value in str(row.get("enumValues", "")).split(",") if value.strip()]
        return {**({"enum": list(dict.fromkeys(values))} if values else {"type": "string"}), **about}
    if kind in {"stringarray", "string[]"}:
        return {"type": "array", "items": {"type": "string"}, **about}
    if kind in {"jsonarray", "json", "object"}:
        inner = _inner(row.get("jsonSchema"))
        return {"type": "array", "items": inner, **about} if kind == "jsonarray" else {**inner, **about}
    return {"type": TYPES.get(kind, "string"), **about}


def _inner(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return {"type": "object"}
    fields = {
        str(name): _field({"type": rule.get("type", "string"), "description": rule.get("description")})
        for name, rule in found.items()
        if isinstance(rule, dict)
    }
    return _record(fields) if fields else {"type": "object"}


def _record(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
