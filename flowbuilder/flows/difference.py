"""What one graph has that another has not: nodes, their settings, wires. Looks (positions, notes) do not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flowbuilder.engine.graph import Graph, NodeSpec, Wire

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

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.changed, self.connected, self.disconnected))


def difference(before: Graph, after: Graph) -> Difference:
    old, new = ({node.id: node for node in graph.nodes} for graph in (before, after))
    both = [new[key] for key in new if key in old]
    changes = [NodeChange(n.id, name_of(n), n.type, tuple(_settings(old[n.id], n))) for n in both]
    return Difference(
        added=tuple(_only(new[key]) for key in new if key not in old),
        removed=tuple(_only(old[key]) for key in old if key not in new),
        changed=tuple(change for change in changes if change.settings),
        connected=tuple(_wires(after, without=before)),
        disconnected=tuple(_wires(before, without=after)),
    )


def name_of(node: NodeSpec) -> str:
    return node.label or node.id


def _only(node: NodeSpec) -> NodeOnly:
    return NodeOnly(node.id, name_of(node), node.type)


def _settings(old: NodeSpec, new: NodeSpec) -> Iterator[SettingChange]:
    if old.type != new.type:
        yield SettingChange("type", old.type, new.type)
    if old.label != new.label:
        yield SettingChange("label", old.label, new.label)
    for name in sorted(old.settings.keys() | new.settings.keys()):
        before, after = old.settings.get(name, ABSENT), new.settings.get(name, ABSENT)
        if before != after:
            yield SettingChange(name, before, after)


def _wires(graph: Graph, *, without: Graph) -> Iterator[str]:
    names = {node.id: name_of(node) for node in graph.nodes}
    known = {_ends(wire) for wire in without.wires}
    for wire in graph.wires:
        if _ends(wire) not in known:
            source, target = (names.get(node, node) for node in (wire.source, wire.target))
            yield f"{source}.{wire.source_port} → {target}.{wire.target_port}"


def _ends(wire: Wire) -> tuple[str, str, str, str]:
    return wire.source, wire.source_port, wire.target, wire.target_port
