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
from nodes.mock import realistic, texts
from nodes.mock.numbers import number_in
from nodes.mock.rules import Impossible, Reader, Rules, Schema, kind_of, same

NOTHING: Any = object()
"""No hint."""
STEPS = 20_000
"""Values made, with all that were thrown away, before it is given up."""
SECONDS = 5.0
"""As long may one record take: a pattern can be slow to check."""
TRIES = 24
DEEP = 6
"""From this depth on only what must be there is made."""
DEEPEST = 48
MOST_ITEMS = 2000
LONGEST_TEXT = 100_000
USUAL_ITEMS = 3
OPTIONAL = (0.85, 0.5, 1.0, 0.0)
"""How likely an optional key is there, in one try after the other."""


class Unsatisfiable(ValueError):
    """No value was found; the message names the place and the rule."""


class Dead(Exception):
    """A place for which nothing was found."""

    def __init__(self, where: Sequence[str | int], why: str, deep: bool = False) -> None:
        super().__init__(why)
        self.where = tuple(where)
        self.why = why
        self.deep = deep
        """It lies too deep, not in the rules: elsewhere the same schema may do."""


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
            return self._number(
                rules, where, hint if attempt == 0 else NOTHING, whole="fraction" not in rules.kinds
            )
        if kind == "string":
            return self._text(rules, where, hint if attempt == 0 else NOTHING)
        if kind == "array":
            return self._list(rules, where, hint, attempt)
        return self._object(rules, where, hint, attempt)

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

    def _number(self, rules: Rules, where: tuple[str | int, ...], hint: Any, *, whole: bool) -> Any:
        name = _names(where)[0] if _names(where) else ""
        usual = realistic.span_for(name, " ".join(rules.about))
        if "float" in rules.formats and usual == realistic.USUAL:
            usual = (*usual[:2], 3)
        for _ in range(8):
            found = number_in(rules.span, usual, self.rng, whole, None if hint is NOTHING else hint)
            if found is None:
                raise Impossible("no number lies within its bounds and steps")
            if not any(same(found, banned) for banned in rules.banned):
                return found
            hint = NOTHING
        return found

    def _text(self, rules: Rules, where: tuple[str | int, ...], hint: Any) -> str:
        if rules.least_length > rules.most_length:
            raise Impossible("its least length is above its greatest")
        if rules.least_length > LONGEST_TEXT:
            raise Impossible(
                f"it asks for {rules.least_length} characters, and a made text has {LONGEST_TEXT} at most"
            )
        wanted = texts.Wanted(
            names=_names(where),
            about=" ".join(rules.about),
            patterns=tuple(rules.patterns),
            formats=tuple(dict.fromkeys(rules.formats)),
            least=rules.least_length,
            most=None if rules.most_length == float("inf") else int(rules.most_length),
            examples=tuple(example for example in rules.examples if isinstance(example, str)),
            language=self.language,
        )
        said = texts.coerced(hint, wanted) if hint is not NOTHING else iter(())
        found = self._fitting(said, rules) or self._fitting(texts.candidates(wanted, self.rng), rules)
        if found is None:
            raise Impossible(_why_no_text(rules))
        return found[0]

    def _fitting(self, offered: Iterator[str], rules: Rules) -> tuple[str] | None:
        alone: dict[str, Any] = {
            "minLength": rules.least_length,
            "allOf": [{"pattern": each} for each in rules.patterns],
        }
        alone["allOf"] += [{"format": each} for each in rules.formats]
        if rules.most_length != float("inf"):
            alone["maxLength"] = rules.most_length
        checking = self.validator.evolve(schema=alone)
        for text in offered:
            if checking.is_valid(text) and text not in rules.banned:
                return (text,)
            if monotonic() > self.deadline:
                return None
        return None

    def _list(self, rules: Rules, where: tuple[str | int, ...], hint: Any, attempt: int) -> list[Any]:
        least = max(rules.least_items, sum(count for _, count, _ in rules.contains))
        most = rules.most_items
        if rules.closed:
            most = min(
                most, max((len(row.first) for row in rules.rows if row.rest is True), default=0) or most
            )
        if rules.least_items > most:
            raise Impossible("its least number of items is above its greatest")
        if least > MOST_ITEMS:
            raise Impossible(f"it asks for {least} items, and a made list has {MOST_ITEMS} at most")
        said = hint if isinstance(hint, list) else []
        asked: list[tuple[Schema, ...]] = [(rule,) for rule, count, _ in rules.contains for _ in range(count)]
        items: list[Any] = []
        self._keep_said(items, said, rules, where, most)
        if hint is not NOTHING and attempt < 3:
            wanted = max(len(items), least)
        else:
            wanted = max(len(items), self._length(rules, least, most, len(where), attempt))
        if len(items) < wanted or asked:
            self._add_items(items, rules, where, wanted, asked)
        return items

    def _length(self, rules: Rules, least: int, most: float, depth: int, attempt: int) -> int:
        if depth >= DEEP or attempt >= TRIES // 2:
            return least
        prefix = max((len(row.first) for row in rules.rows), default=0)
        return int(min(most, self.rng.randint(max(least, 1), max(least, 1, prefix) + USUAL_ITEMS - 1)))

    def _keep_said(
        self, items: list[Any], said: list[Any], rules: Rules, where: tuple[str | int, ...], most: float
    ) -> None:
        for item in said:
            if len(items) >= most:
                return
            kept = self.value(rules.schemas_at(len(items)), (*where, len(items)), item)
            if not (rules.unique and any(same(kept, other) for other in items)):
                items.append(kept)

    def _add_items(
        self,
        items: list[Any],
        rules: Rules,
        where: tuple[str | int, ...],
        wanted: int,
        asked: list[tuple[Schema, ...]],
    ) -> None:
        """Makes what is missing; a place that nothing fits ends a list that is long enough."""
        lacking = [rule for rule in asked if not any(self.fits(item, rule) for item in items)]
        while len(items) < wanted or lacking:
            position = len(items)
            more = lacking.pop() if lacking else ()
            try:
                items.append(
                    self._fresh(items, (*rules.schemas_at(position), *more), (*where, position), rules.unique)
                )
            except Dead:
                if more or position < rules.least_items:
                    raise
                return

    def _fresh(
        self, items: list[Any], schemas: tuple[Schema, ...], where: tuple[str | int, ...], unique: bool
    ) -> Any:
        for _ in range(TRIES * 4 if unique else 1):
            made = self.value(schemas, where)
            if not unique or not any(same(made, other) for other in items):
                return made
        raise Dead(where, "no further item was found that differs from the others")

    def _object(self, rules: Rules, where: tuple[str | int, ...], hint: Any, attempt: int) -> dict[str, Any]:
        said = hint if isinstance(hint, dict) else {}
        keys = self._keys(rules, where, said, hint, attempt)
        made: dict[str, Any] = {}
        for key in self._in_order(keys, rules):
            schemas = rules.schemas_of(key)
            try:
                made[key] = self.value(schemas, (*where, key), said.get(key, NOTHING))
            except Dead:
                if key in rules.required or len(keys) <= rules.least_keys:
                    raise
        return made

    def _keys(
        self, rules: Rules, where: tuple[str | int, ...], said: dict[str, Any], hint: Any, attempt: int
    ) -> set[str]:
        keys = set(rules.required)
        for key in keys:
            if key in rules.forbidden or not self._may_stand(key, rules):
                raise Impossible(f"'{key}' is required and not allowed")
        likely = 0.0 if len(where) >= DEEP else OPTIONAL[attempt % len(OPTIONAL)]
        free = [key for key in rules.known if key not in keys and self._may_stand(key, rules)]
        if hint is not NOTHING and attempt < TRIES // 2:
            wished = [key for key in said if isinstance(key, str) and self._may_stand(key, rules)]
        else:
            wished = [key for key in free if self.rng.random() < likely]
        for key in wished:
            if len(keys) < rules.most_keys:
                keys.add(key)
        self._add_needed(keys, rules)
        self.rng.shuffle(free)
        for key in free:
            if len(keys) < rules.least_keys:
                keys.add(key)
                self._add_needed(keys, rules)
        self._invent(keys, rules, where, hint)
        if len(keys) > rules.most_keys:
            raise Impossible(f"more keys are required than the {rules.most_keys} that it may have")
        return keys

    def _may_stand(self, key: str, rules: Rules) -> bool:
        if key in rules.forbidden or False in rules.schemas_of(key):
            return False
        if (
            rules.closed
            and key not in rules.known
            and not any(shape.of(key) != [shape.rest] for shape in rules.shapes)
        ):
            return False
        return self.fits(key, rules.names)

    @staticmethod
    def _add_needed(keys: set[str], rules: Rules) -> None:
        size = -1
        while size != len(keys):
            size = len(keys)
            for key, others in rules.needs:
                if key in keys:
                    keys.update(others)

    def _invent(self, keys: set[str], rules: Rules, where: tuple[str | int, ...], hint: Any) -> None:
        """New keys, where there must be more, or where the object is a map of anything to something."""
        wanted = rules.least_keys
        is_map = not rules.known and any(
            (isinstance(shape.rest, dict) and shape.rest) or shape.by_pattern for shape in rules.shapes
        )
        if is_map and hint is NOTHING and len(where) < DEEP and not keys:
            wanted = max(wanted, self.rng.randint(1, USUAL_ITEMS))
        wanted = int(min(wanted, rules.most_keys))
        names: list[Schema] = [{"type": "string", "minLength": 1}, *rules.names]
        patterns = [pattern for shape in rules.shapes for pattern in shape.by_pattern]
        for turn in range(20 * wanted):
            if len(keys) >= wanted:
                return
            matching: list[Schema] = (
                [{"pattern": self.rng.choice(patterns)}] if patterns and turn % 4 < 3 else []
            )
            try:
                key = self.value((*names, *matching), (*where, "key"))
            except Dead:
                if patterns:
                    continue
                raise
            if self._may_stand(key, rules):
                keys.add(key)
        if len(keys) < rules.least_keys:
            raise Impossible(f"it must have {rules.least_keys} keys, and no more are allowed")

    @staticmethod
    def _in_order(keys: set[str], rules: Rules) -> list[str]:
        known = [key for key in rules.known if key in keys]
        return [*known, *sorted(keys - set(known))]


def _names(where: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(part for part in reversed(where) if isinstance(part, str))


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


def _why_no_text(rules: Rules) -> str:
    asked = [f"the pattern {pattern!r}" for pattern in rules.patterns]
    asked += [f"the format '{name}'" for name in rules.formats]
    most = "" if rules.most_length == float("inf") else f" to {rules.most_length}"
    if rules.least_length or most:
        asked.append(f"a length from {rules.least_length}{most}")
    return f"no text was found that has {' and '.join(asked) or 'what it asks for'}"


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
