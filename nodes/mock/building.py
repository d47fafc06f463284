"""Builds a value that satisfies a schema, from nothing or as near as it can to what was said.

What stays within the rules of a hint is kept, place by place; everything else is made. So the same code
mocks a record and mends one.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator, Sequence
from random import Random
from time import monotonic
from typing import Any

from jsonschema.exceptions import ValidationError
from referencing.exceptions import Unresolvable

from nodes.json_rules import validator_of
from nodes.mock import realistic
from nodes.mock.leaves import number_of, text_of
from nodes.mock.lists import list_of
from nodes.mock.objects import object_of
from nodes.mock.outcomes import DEEP, DEEPEST, NOTHING, SECONDS, STEPS, TRIES, Dead, Unsatisfiable
from nodes.mock.reading import Reader
from nodes.mock.rules import Impossible, Rules, Schema
from nodes.mock.values import kind_of, same


class Builder:
    """One schema, one seed."""

    def __init__(self, schema: Schema, *, seed: int, language: str | None = None, steps: int = STEPS) -> None:
        self.schema = schema
        self.rng = Random(seed)  # noqa: S311
        self.validator = validator_of(schema if isinstance(schema, dict) else {})
        self.language = language or realistic.language_of(_told(schema))
        self.steps = steps
        self.deadline = monotonic() + SECONDS
        self.dead: dict[tuple[int, ...], Dead] = {}
        self.heights: dict[int, float] = {}

    def build(self, hint: Any = NOTHING) -> Any:
        try:
            return self.value((self.schema,), (), hint)
        except Dead as dead:
            where = ".".join(map(str, dead.where)) or "the record"
            raise Unsatisfiable(f"{where}: {dead.why}") from dead
        except Unresolvable as error:
            raise Unsatisfiable(f"The schema refers to {error.ref!r}, which is not in it") from error
        except RecursionError as error:
            raise Unsatisfiable("The schema is nested too deeply") from error

    def value(self, schemas: tuple[Schema, ...], where: tuple[str | int, ...], hint: Any = NOTHING) -> Any:
        """A value for all of the schemas. The last reason stands for all, where there is none."""
        if hint is not NOTHING and self.fits(hint, schemas):
            return hint
        key = tuple(map(id, schemas))
        if key in self.dead:
            raise Dead(where, self.dead[key].why)
        if len(where) > DEEPEST:
            raise Dead(where, "the schema goes on without an end", deep=True)
        if any(self._height(schema) == float("inf") for schema in schemas):
            raise Dead(where, "every value of its schema holds another one, without an end")
        last = Dead(where, "nothing satisfies its rules")
        for attempt in range(TRIES):
            self._spend(where)
            try:
                made = self._made(self._rules(schemas, where, hint, attempt), where, hint, attempt)
            except Impossible as impossible:
                last = Dead(where, str(impossible))
                continue
            except Dead as dead:
                last = dead
                continue
            if broken := self.broken(made, schemas):
                last = Dead((*where, *broken.absolute_path), broken.message[:300])
                continue
            return made
        if not last.deep:
            self.dead[key] = last
        raise last

    def _spend(self, where: tuple[str | int, ...]) -> None:
        self.steps -= 1
        if self.steps < 0 or monotonic() > self.deadline:
            place = ".".join(map(str, where)) or "the record"
            raise Unsatisfiable(f"{place}: no value was found in the time and tries that a record may take")

    def fits(self, value: Any, schemas: Sequence[Schema]) -> bool:
        return self.broken(value, schemas) is None

    def broken(self, value: Any, schemas: Sequence[Schema]) -> ValidationError | None:
        for schema in schemas:
            for error in self.validator.evolve(schema=schema).iter_errors(value):
                return error
        return None

    def _rules(
        self, schemas: Sequence[Schema], where: tuple[str | int, ...], hint: Any, attempt: int
    ) -> Rules:
        def choose(branches: Sequence[Schema]) -> Schema:
            return self._branch(branches, len(where) >= DEEP, hint, attempt)

        def present(key: str) -> bool:
            if hint is not NOTHING and isinstance(hint, dict) and attempt < 2:
                return key in hint
            return self.rng.random() < 0.5

        return Reader(self.resolve, choose, present).rules_of(schemas)

    def resolve(self, ref: str) -> Schema:
        found: Schema = self.validator._resolver.lookup(ref).contents
        return found

    def _branch(self, branches: Sequence[Schema], low: bool, hint: Any, attempt: int) -> Schema:
        """At first the one nearest to the hint, or in the depth the flattest; then any."""
        if not branches:
            raise Impossible("it has no branch to choose")
        if attempt < 3 and hint is not NOTHING:
            return min(branches, key=lambda branch: self._distance(hint, branch))
        if low and attempt < TRIES // 2:
            lowest = min(map(self._height, branches))
            return self.rng.choice([branch for branch in branches if self._height(branch) == lowest])
        return self.rng.choice(branches)

    def _distance(self, hint: Any, branch: Schema) -> float:
        errors = list(self.validator.evolve(schema=branch).iter_errors(hint))
        return sum(100 if error.validator == "type" and not error.path else 1 for error in errors)

    def _height(self, schema: Schema, above: frozenset[int] = frozenset()) -> float:
        """How deep the flattest value of the schema is; infinite where it must hold itself."""
        if not isinstance(schema, dict):
            return 0
        if id(schema) in above:
            return float("inf")
        if id(schema) in self.heights:
            return self.heights[id(schema)]
        within = above | {id(schema)}
        found: list[float] = [0]
        if "$ref" in schema:
            found.append(self._height(self.resolve(schema["$ref"]), within))
        found += [self._height(part, within) for part in schema.get("allOf", ())]
        for word in ("oneOf", "anyOf"):
            if schema.get(word):
                found.append(min(self._height(part, within) for part in schema[word]))
        needed = [
            rule for key in schema.get("required", ()) if (rule := schema.get("properties", {}).get(key))
        ]
        if schema.get("minItems", 0) > 0 and isinstance(schema.get("items"), dict):
            needed.append(schema["items"])
        types = schema.get("type", "object")
        if "object" in types or "array" in types:
            found += [1 + self._height(rule, within) for rule in needed] or [1]
        height = max(found)
        if height < float("inf"):
            self.heights[id(schema)] = height
        return height

    def _made(self, rules: Rules, where: tuple[str | int, ...], hint: Any, attempt: int) -> Any:
        if rules.values is not None:
            return self._listed(rules, hint, attempt)
        kind = self._kind(rules, len(where) >= DEEP, hint, attempt)
        example = self._example(rules, kind, hint, attempt)
        if example is not NOTHING:
            return copy.deepcopy(example)
        if kind == "null":
            return None
        if kind == "boolean":
            if isinstance(hint, str) and attempt == 0:
                return hint.strip().lower() in {"true", "yes", "y", "1", "on", "是", "对"}
            return self.rng.random() < 0.5
        if kind in {"integer", "fraction"}:
            return number_of(
                self, rules, where, hint if attempt == 0 else NOTHING, whole="fraction" not in rules.kinds
            )
        if kind == "string":
            return text_of(self, rules, where, hint if attempt == 0 else NOTHING)
        if kind == "array":
            return list_of(self, rules, where, hint, attempt)
        return object_of(self, rules, where, hint, attempt)

    def _listed(self, rules: Rules, hint: Any, attempt: int) -> Any:
        allowed = [
            value
            for value in rules.values or ()
            if (kind_of(value) in rules.kinds) and not any(same(value, banned) for banned in rules.banned)
        ]
        if not allowed:
            raise Impossible("no value is left that 'enum', 'const' and 'type' allow")
        if hint is not NOTHING and attempt < len(allowed):
            return copy.deepcopy(sorted(allowed, key=lambda value: -_likeness(value, hint))[attempt])
        return copy.deepcopy(self.rng.choice(allowed))

    def _kind(self, rules: Rules, low: bool, hint: Any, attempt: int) -> str:
        if hint is not NOTHING and attempt < 3 and kind_of(hint) in rules.kinds:
            return kind_of(hint)
        kinds = sorted(rules.kinds)
        if len(kinds) > 2 and attempt < TRIES // 2:
            told = _kinds_told(rules) & rules.kinds
            kinds = sorted(told) if told else ["string"] if "string" in rules.kinds else kinds
        if "null" in kinds and len(kinds) > 1 and attempt < TRIES // 2 and (self.rng.random() < 0.85):
            kinds.remove("null")
        if low and {"array", "object"} & set(kinds) and len(kinds) > 1:
            kinds = [kind for kind in kinds if kind not in {"array", "object"}] or kinds
        return self.rng.choice(kinds)

    def _example(self, rules: Rules, kind: str, hint: Any, attempt: int) -> Any:
        """Now and then what the schema itself gives; texts have their own way with examples."""
        if hint is not NOTHING or kind == "string" or attempt > 2:
            return NOTHING
        given = [
            value for value in rules.examples if kind_of(value) == kind and kind in {"integer", "fraction"}
        ]
        if given and self.rng.random() < 0.2:
            return self.rng.choice(given)
        if rules.defaults and self.rng.random() < 0.15:
            return rules.defaults[0]
        return NOTHING


def _likeness(value: Any, hint: Any) -> float:
    if isinstance(value, str):
        return difflib.SequenceMatcher(None, value.casefold(), str(hint).casefold()).ratio()
    if isinstance(value, int | float) and isinstance(hint, int | float):
        return 1 / (1 + abs(float(value) - float(hint)))
    return float(same(value, hint))


def _kinds_told(rules: Rules) -> set[str]:
    """The types that the other keywords speak of, where 'type' names none."""
    told: set[str] = set()
    if rules.shapes or rules.required or rules.least_keys or rules.needs or rules.names:
        told.add("object")
    if rules.rows or rules.contains or rules.least_items or rules.unique:
        told.add("array")
    if rules.patterns or rules.formats or rules.least_length or rules.most_length != float("inf"):
        told.add("string")
    if rules.span.steps or rules.span.ends != (None, None):
        told |= {"integer", "fraction"}
    return told


def _told(schema: Any) -> Iterator[str]:
    """Every name, title and description in the schema."""
    if isinstance(schema, list):
        for item in schema:
            yield from _told(item)
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in {"title", "description"} and isinstance(value, str):
                yield value
            elif key in {"properties", "$defs"} and isinstance(value, dict):
                yield from value
            yield from _told(value)
