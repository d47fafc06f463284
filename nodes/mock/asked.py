"""Values that a question names: ``status=delivered``, ``status: delivered``, or an identifier that fits a pattern."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from nodes.json_rules import validator_of
from nodes.mock.rules import Schema, found_in

SAID = r"(?<![\w-]){name}\s*(?:=|:|：|is|为|是)\s*[\"'“]?([\w.@+-]+)"
TOKEN = re.compile(r"[\w@.+-]{3,}", re.ASCII)
LONGEST_QUESTION = 4000
MOST_TOKENS = 20
"""Held against a pattern, which may be slow."""


def asked_for(record: Any, question: str, schema: dict[str, Any]) -> Any:
    """The record with what the question says of its fields, as far as each field may hold it."""
    if not question.strip():
        return record
    text = question[:LONGEST_QUESTION]
    return _with(record, schema, lambda name, rule, validator: _said(name, rule, text, validator))


def given(record: Any, values: dict[str, Any], schema: dict[str, Any]) -> Any:
    """The record with those of the values that are fields of it, as far as each field may hold it."""
    return _with(record, schema, lambda name, _, __: _meant(values[name]) if name in values else iter(()))


def _with(record: Any, schema: dict[str, Any], offers: Callable[[str, Schema, Any], Iterator[Any]]) -> Any:
    if not isinstance(record, dict):
        return record
    found = copy.deepcopy(record)
    validator = validator_of(schema)
    for name, rule in _fields(schema, validator):
        for value in offers(name, rule, validator):
            if validator.evolve(schema=rule).is_valid(value):
                found[name] = value
                break
    return found if validator.is_valid(found) else record


def _meant(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, str):
        yield from _typed(value)


def _fields(schema: Any, validator: Any, depth: int = 0) -> Iterator[tuple[str, Schema]]:
    if not isinstance(schema, dict) or depth > 4:
        return
    if "$ref" in schema:
        yield from _fields(validator._resolver.lookup(schema["$ref"]).contents, validator, depth + 1)
    for part in schema.get("allOf", ()):
        yield from _fields(part, validator, depth + 1)
    yield from schema.get("properties", {}).items()


def _said(name: str, rule: Any, question: str, validator: Any) -> Iterator[Any]:
    """Values that may be meant, the surest first."""
    spellings = {name, name.replace("_", " "), re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)}
    for spelling in sorted(spellings):
        if found := re.search(SAID.format(name=re.escape(spelling)), question, re.IGNORECASE):
            yield from _typed(found[1].rstrip("."))
    while isinstance(rule, dict) and "$ref" in rule:
        rule = validator._resolver.lookup(rule["$ref"]).contents
    if not isinstance(rule, dict):
        return
    for value in rule.get("enum", ()):
        if isinstance(value, str) and len(value) > 2 and _names(question, value):
            yield value
    if "pattern" in rule:
        yield from (
            token for token in TOKEN.findall(question)[:MOST_TOKENS] if found_in(rule["pattern"], token)
        )


def _names(question: str, value: str) -> bool:
    shape = re.escape(value).replace("_", r"[_\s-]").replace(r"\-", r"[_\s-]")
    return re.search(rf"(?<![\w-]){shape}(?![\w-])", question, re.IGNORECASE) is not None


def _typed(text: str) -> Iterator[Any]:
    yield text
    yield text.lower()
    if re.fullmatch(r"-?\d{1,18}", text):
        yield int(text)
    elif re.fullmatch(r"-?\d{1,18}\.\d{1,12}", text):
        yield float(text)
    if text.lower() in {"true", "false"}:
        yield text.lower() == "true"
