"""A schema as the rows of a table: each field with its type and its rules in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

MOST_ROWS = 400
DEEPEST = 8
NAMED = {
    "enum": gettext_noop("one of {}"), "const": gettext_noop("always {}"), "pattern": gettext_noop("pattern {}"), "minimum": gettext_noop("at least {}"), "maximum": gettext_noop("at most {}"),
    "exclusiveMinimum": gettext_noop("more than {}"), "exclusiveMaximum": gettext_noop("less than {}"), "multipleOf": gettext_noop("multiple of {}"),
    "minLength": gettext_noop("at least {} characters"), "maxLength": gettext_noop("at most {} characters"), "minItems": gettext_noop("at least {} items"),
    "maxItems": gettext_noop("at most {} items"), "minProperties": gettext_noop("at least {} keys"), "maxProperties": gettext_noop("at most {} keys"), "default": gettext_noop("by default {}"),
}  # fmt: skip


NOTHING: tuple[Any, ...] = ("", [], {}, None)
"""A default that there is no need to tell."""


@dataclass(frozen=True)
class FieldRow:
    name: str
    depth: int
    type: str
    rules: str
    about: str
    required: bool

    @property
    def indent(self) -> str:
        return f"{self.depth * 1.25}rem"


def rows_of(schema: Any) -> list[FieldRow]:
    """In the order of the schema; what refers to what stands around it is named and not opened again."""
    found: list[FieldRow] = []
    for row in _fields(schema, schema if isinstance(schema, dict) else {}, 0, ()):
        found.append(row)
        if len(found) == MOST_ROWS:
            break
    return found


def type_of(schema: Any, root: dict[str, Any]) -> str:
    rule, ref = _opened(schema, root)
    if not isinstance(rule, dict):
        return gettext("anything") if rule else gettext("nothing")
    kinds = rule.get("type")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds or [])
    if "array" in kinds:
        kinds = [
            gettext("list of {}").format(type_of(rule.get("items", True), root)),
            *(kind for kind in kinds if kind != "array"),
        ]
    for word in ("oneOf", "anyOf"):
        if not kinds and rule.get(word):
            kinds = list(dict.fromkeys(type_of(part, root) for part in rule[word]))
    name = ref if ref and kinds in ([], ["object"]) else gettext(" or ").join(kinds) or gettext("anything")
    return f"{name} ({rule['format']})" if isinstance(rule.get("format"), str) else name


def _opened(schema: Any, root: dict[str, Any]) -> tuple[Any, str]:
    """What a reference means, and its name."""
    name = ""
    for _ in range(DEEPEST):
        if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
            break
        name = schema["$ref"].removeprefix("#/$defs/")
        schema = root.get("$defs", {}).get(name, {})
    return schema, name


def _fields(schema: Any, root: dict[str, Any], depth: int, above: tuple[str, ...]) -> Iterator[FieldRow]:
    rule, ref = _opened(schema, root)
    if not isinstance(rule, dict) or depth > DEEPEST or ref in above:
        return
    above = (*above, ref) if ref else above
    for name, inner in (rule.get("properties") or {}).items():
        opened, _ = _opened(inner, root)
        opened = opened if isinstance(opened, dict) else {}
        about = str(
            (inner if isinstance(inner, dict) else {}).get("description") or opened.get("description") or ""
        )
        required = name in (rule.get("required") or ())
        yield FieldRow(name, depth, type_of(inner, root), _rules(opened), about, required)
        yield from _fields(inner, root, depth + 1, above)
    if isinstance(rule.get("items"), dict):
        yield from _fields(rule["items"], root, depth, above)
    for word in ("allOf", "anyOf", "oneOf"):
        for part in rule.get(word) or ():
            yield from _fields(part, root, depth, above)


def _rules(rule: dict[str, Any]) -> str:
    items = rule.get("items")
    told = [
        gettext(text).format(_shown(rule[word]))
        for word, text in NAMED.items()
        if word in rule and rule[word] not in NOTHING
    ]
    if isinstance(items, dict) and "$ref" not in items:
        told += [gettext(text).format(_shown(items[word])) for word, text in NAMED.items() if word in items]
    if rule.get("uniqueItems"):
        told.append(gettext("each item once"))
    return "; ".join(told)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        if any(isinstance(each, dict | list) for each in value):
            return json.dumps(value, ensure_ascii=False)[:300]
        return ", ".join("null" if each is None else str(each) for each in value)[:300]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
