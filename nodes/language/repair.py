"""Mends a record field by field where a value breaks a rule that decoding could not hold."""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FALLBACKS: dict[str, Any] = {
    "integer": 0,
    "number": 0,
    "boolean": False,
    "null": None,
    "array": [],
    "object": {},
}
FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "email": "nobody@example.com",
    "time": "00:00:00Z",
}


def errors_of(record: Any, schema: dict[str, Any]) -> list[str]:
    """What breaks the schema: ``field: reason`` each, empty when it is valid."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [
        f"{'.'.join(map(str, error.path)) or 'record'}: {error.message}"
        for error in validator.iter_errors(record)
    ]


def repair(record: Any, schema: dict[str, Any]) -> tuple[Any, list[str]]:
    """The record with broken fields replaced by the nearest value that is allowed, and what was mended."""
    if not isinstance(record, dict):
        record = {}
    properties: dict[str, Any] = schema.get("properties", {})
    mended: list[str] = []
    kept = {
        name: value
        for name, value in record.items()
        if name in properties or schema.get("additionalProperties", True)
    }
    for name, rule in properties.items():
        missing = name not in kept and name in schema.get("required", ())
        if missing or (name in kept and errors_of(kept[name], rule)):
            kept[name] = nearest(kept.get(name), rule)
            mended.append(name)
    ordered = {name: kept[name] for name in properties if name in kept}
    return {**ordered, **{name: value for name, value in kept.items() if name not in ordered}}, mended


def nearest(value: Any, rule: dict[str, Any]) -> Any:
    if "const" in rule:
        return rule["const"]
    if rule.get("enum"):
        return rule["enum"][0]
    kind = rule.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return repair(value, rule)[0]
    if kind in {"integer", "number"}:
        return _clamped(value, rule, whole=kind == "integer")
    if kind == "string":
        return _text(value, rule)
    return FALLBACKS[kind]


def _clamped(value: Any, rule: dict[str, Any], *, whole: bool) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0.0
    number = min(max(number, float(rule.get("minimum", number))), float(rule.get("maximum", number)))
    return round(number) if whole else number


def _text(value: Any, rule: dict[str, Any]) -> str:
    if rule.get("format") in FORMATS:
        return FORMATS[rule["format"]]
    text = "" if value is None else str(value)
    text = text[: rule.get("maxLength", len(text))]
    return text.ljust(rule.get("minLength", 0), "x")
