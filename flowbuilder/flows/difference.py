"""What one graph has that another has not: nodes, their settings, wires, frames. Positions and notes do not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flowbuilder.engine.graph import Graph, NodeSpec

ABSENT = None
"""A setting that is left to its default."""


@dataclass(frozen=True)
class SettingChange:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class NodeChange:
    """A node that both graphs have."""

    id: str
    name: str
    type: str
    settings: tuple[SettingChange, ...]


@dataclass(frozen=True)
class NodeOnly:
    """A node that one of them has."""

    id: str
    name: str
    type: str


@dataclass(frozen=True)
class Difference:
    added: tuple[NodeOnly, ...]
    removed: tuple[NodeOnly, ...]
    changed: tuple[NodeChange, ...]
    connected: tuple[str, ...]
    """Wires that came, written ``Prompt.out → Reply.content``."""
    disconnected: tuple[str, ...]
    framed: tuple[str, ...] = ()
    """Titles of frames that came."""
    unframed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(vars(self).values())


def difference(before: Graph, after: Graph) -> Difference:
    old, new = (dict(graph.everything()) for graph in (before, after))
    both = [key for key in new if key in old]
    changes = [NodeChange(p, name_of(p, new[p]), new[p].type, tuple(_settings(old[p], new[p]))) for p in both]
    return Difference(
        added=tuple(_only(key, new[key]) for key in new if key not in old),
        removed=tuple(_only(key, old[key]) for key in old if key not in new),
        changed=tuple(change for change in changes if change.settings),
        connected=tuple(_wires(after, without=before)),
        disconnected=tuple(_wires(before, without=after)),
        framed=_frames(after, without=before),
        unframed=_frames(before, without=after),
    )


def _frames(graph: Graph, *, without: Graph) -> tuple[str, ...]:
    known = {(frame.id, frame.title) for frame in without.frames}
    return tuple(frame.title or frame.id for frame in graph.frames if (frame.id, frame.title) not in known)


def name_of(path: str, node: NodeSpec) -> str:
    """Its label; of one in a group behind the group's id."""
    group, slash, _ = path.rpartition("/")
    return f"{group}{slash}{node.label or node.id}"


def _only(path: str, node: NodeSpec) -> NodeOnly:
    return NodeOnly(path, name_of(path, node), node.type)


def _settings(old: NodeSpec, new: NodeSpec) -> Iterator[SettingChange]:
    if old.type != new.type:
        yield SettingChange("type", old.type, new.type)
    if old.label != new.label:
        yield SettingChange("label", old.label, new.label)
    for name in ("mode", "on_error"):
        if getattr(old, name) != getattr(new, name):
            yield SettingChange(name, getattr(old, name).value, getattr(new, name).value)
    for name in sorted(old.settings.keys() | new.settings.keys()):
        before, after = old.settings.get(name, ABSENT), new.settings.get(name, ABSENT)
        if before != after:
            yield SettingChange(name, before, after)


def _wires(graph: Graph, *, without: Graph) -> Iterator[str]:
    names = {path: name_of(path, node) for path, node in graph.everything()}
    known = set(_ends(without))
    for source, source_port, target, target_port in _ends(graph):
        if (source, source_port, target, target_port) not in known:
            yield f"{names.get(source, source)}.{source_port} → {names.get(target, target)}.{target_port}"


def _ends(graph: Graph, before: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Both ends of every wire, by the paths of their nodes."""
    for wire in graph.wires:
        yield f"{before}{wire.source}", wire.source_port, f"{before}{wire.target}", wire.target_port
    for node in graph.nodes:
        if node.body is not None:
            yield from _ends(node.body, f"{before}{node.id}/")
