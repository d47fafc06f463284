"""A file's graph as plain, checked data: whatever it says, only text, numbers and places come from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

MOST_NODES = 1000
MOST_EDGES = 4000
FARTHEST = 1_000_000


class Unreadable(Exception):
    """A sentence for the person: what in the file is not as it has to be."""


@dataclass
class Original:
    """One node of the file."""

    id: str
    kind: str
    """What the other builder calls it."""
    label: str
    at: tuple[float, float]
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    type: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Settings that were looked at: the report lists the others as lost."""

    def take(self, name: str, default: Any = "") -> Any:
        self.used.add(name)
        value = self.inputs.get(name, default)
        return default if value is None or value == "" else value

    def text(self, name: str) -> str:
        value = self.take(name)
        return value if isinstance(value, str) else ""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A list of objects; whatever else stands there is none."""
        value = self.take(name, [])
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

    def ignore(self, *names: str) -> None:
        """Settings that say nothing to a flow here."""
        self.used.update(names)

    @property
    def kept(self) -> dict[str, Any]:
        return {name: value for name, value in self.inputs.items() if value not in (None, "", [], {})}


@dataclass(frozen=True)
class Edge:
    source: str
    target: str
    source_port: str = ""
    target_port: str = ""


@dataclass
class Source:
    """The graph of one file."""

    nodes: dict[str, Original]
    edges: list[Edge]
    strange: list[tuple[str, str, str]] = field(default_factory=list)
    """Edges that lead nowhere: (source, target, why)."""

    def into(self, target: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.target == target]

    def out_of(self, source: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.source == source]


def objects(found: Any, what: str, most: int) -> list[dict[str, Any]]:
    if not isinstance(found, list):
        raise Unreadable(f"its '{what}' is not a list")
    if len(found) > most:
        raise Unreadable(f"it has {len(found):,} {what}; at most {most:,} are read")
    if not all(isinstance(each, dict) for each in found):
        raise Unreadable(f"its '{what}' holds something that is no object")
    return found


def mapping(value: Any) -> dict[str, Any]:
    return {str(key): held for key, held in value.items()} if isinstance(value, dict) else {}


def nodes_in(rows: Any, read: Callable[[dict[str, Any], int], Original]) -> dict[str, Original]:
    """By their ids, each read with its number from 1. Errors: ``Unreadable``, also where two have one id."""
    nodes: dict[str, Original] = {}
    for number, row in enumerate(objects(rows, "nodes", MOST_NODES), start=1):
        node = read(row, number)
        if node.id in nodes:
            raise Unreadable(f"two of its nodes have the id '{node.id}'")
        nodes[node.id] = node
    return nodes


def ends_in(rows: Any) -> list[tuple[Any, Any, Any, Any]]:
    """Of edges as React Flow keeps them: both nodes and both handles. Errors: ``Unreadable``."""
    return [
        (row.get("source"), row.get("target"), row.get("sourceHandle"), row.get("targetHandle"))
        for row in objects(rows, "edges", MOST_EDGES)
    ]


def text_in(value: Any, default: str = "", most: int = 300) -> str:
    return (
        str(value)[:most] if isinstance(value, str | int | float) and not isinstance(value, bool) else default
    )


def whole_in(value: Any, least: int, most: int) -> int | None:
    """A whole number, as near to it as we allow; None for whatever else stands there."""
    return max(least, min(most, value)) if isinstance(value, int) and not isinstance(value, bool) else None


def place(value: Any) -> tuple[float, float]:
    found = mapping(value)
    return _number(found.get("x")), _number(found.get("y"))


def edges_between(
    rows: Iterable[tuple[Any, Any, Any, Any]], nodes: dict[str, Original]
) -> tuple[list[Edge], list[tuple[str, str, str]]]:
    edges: list[Edge] = []
    strange: list[tuple[str, str, str]] = []
    for source, target, source_port, target_port in rows:
        ends = text_in(source), text_in(target)
        edge = Edge(*ends, text_in(source_port, most=2000), text_in(target_port, most=2000))
        missing = next((end for end in ends if end not in nodes), None)
        if missing is not None:
            strange.append((*ends, f"there is no node '{missing}' in the file"))
        elif edge not in edges:
            edges.append(edge)
    return edges, strange


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(max(-FARTHEST, min(FARTHEST, value)))
