"""Reads schemas into rules.

The value that is made of them is checked against the schemas themselves, so what is not read here
(``not`` of something complicated, the "exactly one" of ``oneOf``) costs another try and never validity.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nodes.mock.numbers import exact
from nodes.mock.rules import Impossible, Row, Rules, Schema, Shape
from nodes.mock.values import same

Choose = Callable[[Sequence[Schema]], Schema]
"""Picks one of a oneOf's or anyOf's branches."""
NUMBER = frozenset({"integer", "fraction"})
SIMPLE_NOTS = frozenset({"type", "enum", "const", "required"})


@dataclass
class Reader:
    resolve: Callable[[str], Schema]
    choose: Choose
    present: Callable[[str], bool]
    """Whether an optional key is to be there, for what hangs on it."""

    def rules_of(self, schemas: Iterable[Schema]) -> Rules:
        rules = Rules()
        for schema in schemas:
            self._read(schema, rules, frozenset())
        if not rules.kinds:
            raise Impossible("its types exclude each other")
        return rules

    def _read(self, schema: Schema, rules: Rules, above: frozenset[str]) -> None:
        if schema is True:
            return
        if schema is False:
            raise Impossible("its schema is false")
        if not isinstance(schema, dict):
            raise Impossible(f"{json.dumps(schema)[:60]} is no schema")
        if "$ref" in schema:
            ref = schema["$ref"]
            if ref in above:
                raise Impossible(f"'$ref': {ref!r} refers to itself")
            self._read(self.resolve(ref), rules, above | {ref})
        _read_kinds(schema, rules)
        _read_values(schema, rules)
        _read_number(schema, rules)
        _read_text(schema, rules)
        _read_list(schema, rules)
        _read_object(schema, rules)
        self._read_parts(schema, rules, above)

    def _read_parts(self, schema: dict[str, Any], rules: Rules, above: frozenset[str]) -> None:
        for part in schema.get("allOf", ()):
            self._read(part, rules, above)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                self._read(self.choose(schema[word]), rules, above)
        if "if" in schema:
            then = {"allOf": [schema["if"], schema.get("then", True)]}
            other = {"allOf": [{"not": schema["if"]}, schema.get("else", True)]}
            self._read(self.choose([then, other]), rules, above)
        for key, dependent in {**schema.get("dependentSchemas", {}), **_old_dependencies(schema)}.items():
            if self.present(key):
                self._read(dependent, rules, above)
                rules.required.setdefault(key)
            else:
                rules.forbidden.add(key)
        denied = schema.get("not")
        if denied is True or denied == {}:
            raise Impossible("'not' excludes everything")
        if isinstance(denied, dict) and len(denied) == 1 and denied.keys() <= SIMPLE_NOTS:
            self._deny(denied, rules)

    def _deny(self, denied: dict[str, Any], rules: Rules) -> None:
        if "type" in denied:
            rules.kinds -= _kinds(denied["type"])
        rules.banned += denied.get("enum", [])
        if "const" in denied:
            rules.banned.append(denied["const"])
        if len(missing := denied.get("required", [])) == 1:
            rules.forbidden.add(missing[0])


def _old_dependencies(schema: dict[str, Any]) -> dict[str, Schema]:
    return {key: rule for key, rule in schema.get("dependencies", {}).items() if not isinstance(rule, list)}


def _kinds(told: Any) -> set[str]:
    kinds: set[str] = set()
    for kind in [told] if isinstance(told, str) else told:
        kinds |= NUMBER if kind == "number" else {kind}
    return kinds


def _read_kinds(schema: dict[str, Any], rules: Rules) -> None:
    if "type" in schema:
        rules.kinds &= _kinds(schema["type"])
    for word in ("title", "description"):
        if isinstance(schema.get(word), str):
            rules.about.append(schema[word])
    if isinstance(schema.get("examples"), list):
        rules.examples += schema["examples"]
    if "example" in schema:
        rules.examples.append(schema["example"])
    if "default" in schema:
        rules.defaults.append(schema["default"])


def _read_values(schema: dict[str, Any], rules: Rules) -> None:
    for listed in (schema.get("enum"), [schema["const"]] if "const" in schema else None):
        if listed is None:
            continue
        if rules.values is None:
            rules.values = list(listed)
        else:
            rules.values = [value for value in rules.values if any(same(value, other) for other in listed)]
        if not rules.values:
            raise Impossible("no value is left that 'enum' and 'const' allow")


def _read_number(schema: dict[str, Any], rules: Rules) -> None:
    reads = {
        "minimum": rules.span.at_least,
        "maximum": rules.span.at_most,
        "exclusiveMinimum": rules.span.more_than,
        "exclusiveMaximum": rules.span.less_than,
    }
    for word, read in reads.items():
        if _is_number(schema.get(word)):
            read(schema[word])
    if _is_number(schema.get("multipleOf")):
        rules.span.steps.append(exact(schema["multipleOf"]))
    for name, bits in (("int32", 31), ("int64", 63)):
        if schema.get("format") == name:
            rules.kinds -= {"fraction"}
            rules.span.at_least(-(2**bits))
            rules.span.at_most(2**bits - 1)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read_text(schema: dict[str, Any], rules: Rules) -> None:
    rules.least_length = max(rules.least_length, int(schema.get("minLength", 0)))
    rules.most_length = min(rules.most_length, schema.get("maxLength", math.inf))
    if "pattern" in schema:
        rules.patterns.append(schema["pattern"])
    if isinstance(schema.get("format"), str):
        rules.formats.append(schema["format"])
    if schema.get("contentEncoding") == "base64":
        rules.formats.append("base64")


def _read_list(schema: dict[str, Any], rules: Rules) -> None:
    if "prefixItems" in schema or "items" in schema:
        items = schema.get("items", True)
        first = schema.get("prefixItems", ())
        if isinstance(items, list):  # before 2020-12
            first, items = items, schema.get("additionalItems", True)
        rules.rows.append(Row(first, items))
    rules.least_items = max(rules.least_items, int(schema.get("minItems", 0)))
    rules.most_items = min(rules.most_items, schema.get("maxItems", math.inf))
    rules.unique = rules.unique or bool(schema.get("uniqueItems"))
    if "contains" in schema:
        least, most = int(schema.get("minContains", 1)), schema.get("maxContains", math.inf)
        rules.contains.append((schema["contains"], least, most))
    if schema.get("unevaluatedItems") is False:
        rules.closed = True


def _read_object(schema: dict[str, Any], rules: Rules) -> None:
    if schema.keys() & {"properties", "patternProperties", "additionalProperties"}:
        rules.shapes.append(
            Shape(
                schema.get("properties", {}),
                schema.get("patternProperties", {}),
                schema.get("additionalProperties", True),
            )
        )
    for key in schema.get("required", ()):
        rules.required.setdefault(key)
    needs = {**schema.get("dependentRequired", {}), **schema.get("dependencies", {})}
    rules.needs += [(key, others) for key, others in needs.items() if isinstance(others, list)]
    rules.least_keys = max(rules.least_keys, int(schema.get("minProperties", 0)))
    rules.most_keys = min(rules.most_keys, schema.get("maxProperties", math.inf))
    if "propertyNames" in schema:
        rules.names.append(schema["propertyNames"])
    if schema.get("unevaluatedProperties") is False:
        rules.closed = True
