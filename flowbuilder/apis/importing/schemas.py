"""A schema of the document as one that stands for itself, in JSON Schema 2020-12.

References stay references, into ``$defs`` that hold what is reached from here and nothing else, so a schema that
refers to itself stays finite.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from flowbuilder.apis.importing.local import lookup
from flowbuilder.apis.importing.refusal import Refused

Direction = Literal["request", "response"]
ONE = frozenset(
    "items additionalItems additionalProperties not if then else contains propertyNames unevaluatedProperties unevaluatedItems "
    "contentSchema".split()
)
SEVERAL = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
DROPPED = frozenset(
    {"xml", "externalDocs", "discriminator", "nullable", "example", "readOnly", "writeOnly", "$id", "$schema"}
)
MOST_DEFINITIONS = 500
DEEPEST_EXAMPLE = 6


def standalone(
    document: dict[str, Any], schema: Any, direction: Direction, examples: tuple[Any, ...] = ()
) -> dict[str, Any]:
    """The schema with what it refers to; ``examples`` of whole values are handed down to its fields."""
    found = _Reader(document, direction).read(schema)
    for example in examples:
        _hand_down(found, found, example, 0)
    return found


class _Reader:
    def __init__(self, document: dict[str, Any], direction: Direction) -> None:
        self.document = document
        self.direction = direction
        self.old = str(document.get("openapi", "")).startswith("3.0")
        self.names: dict[str, str] = {}
        """Reference -> name below ``$defs``."""
        self.waiting: list[str] = []

    def read(self, schema: Any) -> dict[str, Any]:
        found = self.schema(schema)
        if not isinstance(found, dict):
            found = {} if found else {"not": {}}
        definitions: dict[str, Any] = {}
        while self.waiting:
            ref = self.waiting.pop()
            definitions[self.names[ref]] = self.schema(lookup(self.document, ref))
            if len(definitions) > MOST_DEFINITIONS:
                raise Refused(f"One schema reaches more than {MOST_DEFINITIONS} others.")
        return {**found, "$defs": definitions} if definitions else found

    def schema(self, schema: Any) -> Any:
        if not isinstance(schema, dict):
            return schema
        if isinstance(schema.get("$ref"), str):
            reference = {"$ref": f"#/$defs/{self._name(schema['$ref'])}"}
            beside = {} if self.old else {word: value for word, value in schema.items() if word != "$ref"}
            return {**self.schema(beside), **reference} if beside else reference
        found = {word: self._value(word, value) for word, value in schema.items() if self._kept(word)}
        if "example" in schema:
            found["examples"] = [schema["example"]]
        self._one_sided(schema, found)
        self._told_apart(schema, found)
        return self._modern(schema, found)

    def _kept(self, word: str) -> bool:
        return word not in DROPPED and not word.startswith("x-")

    def _name(self, ref: str) -> str:
        if ref not in self.names:
            last = ref.rstrip("/").rsplit("/", 1)[-1] or "root"
            name = "".join(letter if letter.isalnum() or letter in "_-." else "_" for letter in last)
            while name in self.names.values():
                name += "_"
            self.names[ref] = name
            self.waiting.append(ref)
        return self.names[ref]

    def _value(self, word: str, value: Any) -> Any:
        if word in ONE:
            return [self.schema(part) for part in value] if isinstance(value, list) else self.schema(value)
        if word in SEVERAL and isinstance(value, list):
            return [self.schema(part) for part in value]
        if word in NAMED and isinstance(value, dict):
            return {name: self.schema(part) for name, part in value.items()}
        return value

    def _one_sided(self, schema: dict[str, Any], found: dict[str, Any]) -> None:
        """A request sends nothing that is only read; an answer tells nothing that is only written."""
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return
        mark = "readOnly" if self.direction == "request" else "writeOnly"
        away = {
            name for name, rule in properties.items() if isinstance(rule, dict) and rule.get(mark) is True
        }
        if away:
            found["properties"] = {
                name: rule for name, rule in found["properties"].items() if name not in away
            }
            found["required"] = [name for name in found.get("required", []) if name not in away]

    def _told_apart(self, schema: dict[str, Any], found: dict[str, Any]) -> None:
        """A discriminator says by a field which branch a value is: each branch gets its field's value."""
        told = schema.get("discriminator")
        if not isinstance(told, dict) or not isinstance(told.get("propertyName"), str):
            return
        mapping = told.get("mapping") if isinstance(told.get("mapping"), dict) else {}
        values = {
            ref if "/" in str(ref) else f"#/components/schemas/{ref}": value for value, ref in mapping.items()
        }
        for word in ("oneOf", "anyOf"):
            branches = schema.get(word)
            if not isinstance(branches, list):
                continue
            found[word] = [self._marked(branch, told["propertyName"], values) for branch in branches]

    def _marked(self, branch: Any, name: str, values: dict[str, str]) -> Any:
        if not isinstance(branch, dict) or not isinstance(branch.get("$ref"), str):
            return self.schema(branch)
        ref = branch["$ref"]
        value = values.get(ref, ref.rsplit("/", 1)[-1])
        mark = {"type": "object", "properties": {name: {"const": value}}, "required": [name]}
        return {"allOf": [self.schema(branch), mark]}

    def _modern(self, schema: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        """3.0's own words, as 2020-12 has them."""
        if not self.old:
            return found
        for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(found.get(word), bool):
                exclusive = found.pop(word)
                if exclusive and bound in found:
                    found[word] = found.pop(bound)
        if schema.get("nullable") is not True:
            return found
        if isinstance(found.get("type"), str):
            found["type"] = [found["type"], "null"]
            if "enum" in found and None not in found["enum"]:
                found["enum"] = [*found["enum"], None]
            return found
        return {"anyOf": [found, {"type": "null"}]}


def _hand_down(schema: Any, root: dict[str, Any], example: Any, depth: int) -> None:
    """Gives each field the value that an example of the whole has for it."""
    if not isinstance(schema, dict) or depth > DEEPEST_EXAMPLE:
        return
    for part in _parts(schema, root):
        if isinstance(example, dict) and isinstance(part.get("properties"), dict):
            for name, rule in part["properties"].items():
                if name in example:
                    _hand_down(rule, root, example[name], depth + 1)
        elif isinstance(example, list) and isinstance(part.get("items"), dict):
            for item in example[:3]:
                _hand_down(part["items"], root, item, depth + 1)
        elif isinstance(example, str | int | float) and not isinstance(example, bool):
            known = part.setdefault("examples", [])
            if isinstance(known, list) and example not in known and len(known) < 5:
                known.append(example)


def _parts(schema: dict[str, Any], root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        found = root.get("$defs", {}).get(schema["$ref"].removeprefix("#/$defs/"))
        if isinstance(found, dict) and "$ref" not in found:
            yield found
        return
    yield schema
    for part in schema.get("allOf", ()):
        if isinstance(part, dict) and "allOf" not in part:
            yield from _parts(part, root)
