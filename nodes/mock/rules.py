"""What several schemas together ask of one value, with a branch chosen wherever they leave a choice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from nodes.json_patterns import found
from nodes.mock.numbers import Span

Schema = dict[str, Any] | bool

KINDS = frozenset({"null", "boolean", "integer", "fraction", "string", "array", "object"})


class Impossible(Exception):
    """No value satisfies these; the message says why."""


@dataclass
class Shape:
    """Of one schema, which schema each key must satisfy."""

    properties: dict[str, Schema] = field(default_factory=dict)
    by_pattern: dict[str, Schema] = field(default_factory=dict)
    rest: Schema = True

    def of(self, key: str) -> list[Schema]:
        found = [self.properties[key]] if key in self.properties else []
        found += [rule for pattern, rule in self.by_pattern.items() if found_in(pattern, key)]
        return found or [self.rest]


@dataclass
class Row:
    """Of one schema, which schema each item must satisfy."""

    first: Sequence[Schema] = ()
    rest: Schema = True

    def of(self, position: int) -> Schema:
        return self.first[position] if position < len(self.first) else self.rest


@dataclass
class Rules:
    kinds: set[str] = field(default_factory=lambda: set(KINDS))
    values: list[Any] | None = None
    """What ``enum`` and ``const`` leave."""
    banned: list[Any] = field(default_factory=list)
    span: Span = field(default_factory=Span)
    least_length: int = 0
    most_length: float = math.inf
    patterns: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    least_items: int = 0
    most_items: float = math.inf
    unique: bool = False
    contains: list[tuple[Schema, int, float]] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    required: dict[str, None] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    needs: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    """With the first key the others are there too."""
    least_keys: int = 0
    most_keys: float = math.inf
    names: list[Schema] = field(default_factory=list)
    closed: bool = False
    """Nothing may stand in it that no schema tells of (``unevaluatedProperties``, ``unevaluatedItems``)."""
    examples: list[Any] = field(default_factory=list)
    defaults: list[Any] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    def schemas_of(self, key: str) -> tuple[Schema, ...]:
        """What the value under that key must satisfy."""
        return tuple(rule for shape in self.shapes for rule in shape.of(key) if rule is not True)

    def schemas_at(self, position: int) -> tuple[Schema, ...]:
        return tuple(rule for row in self.rows if (rule := row.of(position)) is not True)

    @property
    def known(self) -> list[str]:
        return list(dict.fromkeys(key for shape in self.shapes for key in shape.properties))


def found_in(pattern: str, text: str) -> bool:
    try:
        return found(pattern, text)
    except (regex.error, TimeoutError):
        return False
