"""What makes one graph of another, as a list of small changes; and a graph with such changes made.

``static/src/editor/model/collab/changes.ts`` does the same in the browser; ``tests/flows/editing/cases.json`` holds both
to one meaning. Each change names one thing by its path and gives it a value or takes it away, so that changes of
different things never get in each other's way:

- ``["nodes", id]``: an item of a collection, whole
- ``["nodes", id, "label"]``: one of its fields; ``["nodes", id, "settings", name]``: one setting
- ``["nodes", id, "body", ...]``: the same inside a group
- ``["wires"]``: the order of a collection, as a list of ids
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

COLLECTIONS = ("nodes", "wires", "notes", "frames")
Graphlike = dict[str, Any]
"""A graph as it is stored: plain JSON."""


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: list[str] = Field(min_length=1, max_length=100)
    value: Any = None
    gone: bool = False
    """It is taken away; there is no value."""

    def told(self) -> dict[str, Any]:
        return {"path": self.path, "gone": True} if self.gone else {"path": self.path, "value": self.value}


class NotAChange(ValueError):
    """The path leads to nothing that can be changed."""


def same(left: Any, right: Any) -> bool:
    """As JSON: to Python ``1`` equals ``true``."""
    if left is right:
        return True
    if left != right:
        return False
    return repr(left) == repr(right) or json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def changes_between(before: Graphlike, after: Graphlike, at: Sequence[str] = ()) -> list[Change]:
    return [
        change
        for name in COLLECTIONS
        for change in _of_collection(before.get(name) or [], after.get(name) or [], [*at, name])
    ]


def _of_collection(
    before: Sequence[Graphlike], after: Sequence[Graphlike], at: list[str]
) -> Iterator[Change]:
    old, new = ({item["id"]: item for item in items} for items in (before, after))
    for key in old:
        if key not in new:
            yield Change(path=[*at, key], gone=True)
    for key, item in new.items():
        if key not in old:
            yield Change(path=[*at, key], value=item)
        elif not same(old[key], item):
            yield from _of_item(old[key], item, [*at, key])
    left = [key for key in old if key in new] + [key for key in new if key not in old]
    if left != list(new):
        yield Change(path=at, value=list(new))


def _of_item(old: Graphlike, new: Graphlike, at: list[str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if same(before, after):
            continue
        if name == "settings" and before is not None and after is not None:
            yield from _of_settings(before, after, [*at, name])
        elif name == "body" and before is not None and after is not None:
            yield from changes_between(before, after, [*at, name])
        else:
            yield Change(path=[*at, name], value=after)


def _of_settings(old: Graphlike, new: Graphlike, at: list[str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield Change(path=[*at, name], gone=True)
        elif name not in old or not same(old[name], new[name]):
            yield Change(path=[*at, name], value=new[name])


def taken(graph: Graphlike, changes: Sequence[Change]) -> list[str]:
    """Ids that are to be added although something else has them: two people added something at once."""
    found = []
    for change in changes:
        items = _collection_at(graph, change.path)
        if items is None or change.gone:
            continue
        known = next((item for item in items if item["id"] == change.path[-1]), None)
        if known is not None and not same(known, change.value):
            found.append(change.path[-1])
    return found


def _collection_at(graph: Graphlike, path: Sequence[str]) -> list[Graphlike] | None:
    """The collection that an item's path leads into; None for other paths, or where a group on the way is gone."""
    if len(path) == 2:
        return graph.get(path[0]) or []
    if len(path) > 4 and path[0] == "nodes" and path[2] == "body":
        group = next((node for node in graph.get("nodes") or [] if node["id"] == path[1]), None)
        return _collection_at(group["body"], path[3:]) if group and group.get("body") else None
    return None


def apply(graph: Graphlike, changes: Sequence[Change]) -> Graphlike:
    """The graph with the changes made, in turn. A change of what is not there any more is let be."""
    level = _Level(graph)
    for change in changes:
        level.take(change.path, change)
    return level.graph()


class _Level:
    """One graph by ids: the flow's, or a group's."""

    def __init__(self, graph: Graphlike) -> None:
        self.items = {name: {item["id"]: item for item in graph.get(name) or []} for name in COLLECTIONS}
        self.inner: dict[str, _Level] = {}
        self.orders: dict[str, list[str]] = {}
        self.removed: set[str] = set()
        self.touched: set[str] = set()

    def take(self, path: Sequence[str], change: Change) -> None:
        collection, *rest = path
        if collection not in self.items:
            raise NotAChange(f"A graph has no '{collection}'; it has {', '.join(COLLECTIONS)}.")
        if not rest:
            self._order(collection, change.value)
        elif len(rest) == 1:
            self._item(collection, rest[0], change)
        elif rest[0] in self.items[collection]:
            if collection == "wires":
                self.touched.add(rest[0])
            self._part(collection, rest[0], rest[1:], change)

    def _order(self, collection: str, ids: Any) -> None:
        if not isinstance(ids, list) or not all(isinstance(key, str) for key in ids):
            raise NotAChange(f"The order of {collection} is a list of ids.")
        self.orders[collection] = ids

    def _item(self, collection: str, key: str, change: Change) -> None:
        self.inner.pop(key, None) if collection == "nodes" else None
        if change.gone:
            self.items[collection].pop(key, None)
            if collection == "nodes":
                self.removed.add(key)
            return
        if not isinstance(change.value, dict) or change.value.get("id") != key:
            raise NotAChange(f"What is added as '{key}' needs that id.")
        self.items[collection][key] = change.value
        if collection == "wires":
            self.touched.add(key)

    def _part(self, collection: str, key: str, path: Sequence[str], change: Change) -> None:
        item = self.items[collection][key]
        name, *rest = path
        if collection == "nodes" and name == "body" and rest:
            if item.get("body") is not None:
                if key not in self.inner:
                    self.inner[key] = _Level(item["body"])
                self.inner[key].take(rest, change)
        elif collection == "nodes" and name == "settings" and len(rest) == 1:
            settings = dict(item.get("settings") or {})
            settings.pop(rest[0], None)
            if not change.gone:
                settings = {**(item.get("settings") or {}), rest[0]: change.value}
            self.items[collection][key] = {**item, "settings": settings}
        elif rest or name == "id" or change.gone:
            raise NotAChange(f"'{'.'.join(path)}' is no part of '{key}' that can be changed.")
        else:
            self.inner.pop(key, None) if name == "body" else None
            self.items[collection][key] = {**item, name: change.value}

    def graph(self) -> Graphlike:
        for key, level in self.inner.items():
            if key in self.items["nodes"]:
                self.items["nodes"][key] = {**self.items["nodes"][key], "body": level.graph()}
        self._drop_loose_wires()
        return {name: self._ordered(name) for name in COLLECTIONS}

    def _drop_loose_wires(self) -> None:
        """Wires that these changes left without an end, or drew twice."""
        nodes, wires = self.items["nodes"], self.items["wires"]
        drawn = {_ends(wire) for key, wire in wires.items() if key not in self.touched}
        for key, wire in list(wires.items()):
            missing = {end for end in (wire.get("source"), wire.get("target")) if end not in nodes}
            twice = key in self.touched and _ends(wire) in drawn
            if twice or (missing and (key in self.touched or missing & self.removed)):
                del wires[key]
            drawn.add(_ends(wire))

    def _ordered(self, collection: str) -> list[Graphlike]:
        items = list(self.items[collection].values())
        places = {key: place for place, key in enumerate(self.orders.get(collection, ()))}
        return sorted(items, key=lambda item: places.get(item["id"], len(places)))


def _ends(wire: Graphlike) -> tuple[Any, ...]:
    return tuple(wire.get(name) for name in ("source", "source_port", "target", "target_port"))
