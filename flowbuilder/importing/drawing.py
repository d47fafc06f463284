"""A graph while it is drawn: flat, with who each node stands for; groups are put around nodes at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.graph import MAX_NODES, Graph

FREE = (0, -170, 170, -340, 340, -510, 510)
"""How far above or below its own place a node that was added stands, where the place is taken."""
COLUMNS = (1.0, 1.9, 2.8)
"""How much further away, where all of these are taken."""
NEAR = (265, 155)
"""Closer than this two cards lie on each other."""
LONGEST_LABEL = 120


@dataclass(frozen=True)
class Port:
    """An output of a node."""

    node: str
    name: str = "out"


@dataclass(frozen=True)
class Exit:
    """How something goes on: what it says, and what is taken only where it goes on that way."""

    content: Port
    control: Port

    @classmethod
    def of(cls, port: Port) -> Exit:
        return cls(port, port)


@dataclass
class Drawing:
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    wires: list[tuple[str, str, str, str]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    reserved: list[tuple[float, float]] = field(default_factory=list)
    """Places of the file's own nodes: nothing that is added stands there."""
    owner: dict[str, str] = field(default_factory=dict)
    """Our node -> the file's node that it stands for or serves; absent for what belongs to none."""

    def node(
        self,
        type_: str,
        at: tuple[float, float],
        *,
        wanted: str,
        label: str = "",
        settings: dict[str, Any] | None = None,
        owner: str = "",
    ) -> str:
        id_ = self.free_id(wanted)
        self.nodes[id_] = {
            "id": id_,
            "type": type_,
            "label": label[:LONGEST_LABEL],
            "settings": settings or {},
            "position": {"x": at[0], "y": at[1]},
        }
        if owner:
            self.owner[id_] = owner
        return id_

    def beside(self, at: tuple[float, float], step: float = -320) -> tuple[float, float]:
        """A free place left of ``at`` (right for a step above 0), for what was added."""
        taken = [*self.reserved, *((n["position"]["x"], n["position"]["y"]) for n in self.nodes.values())]
        for column in COLUMNS:
            for down in FREE:
                place = (at[0] + step * column, at[1] + down)
                if all(abs(x - place[0]) >= NEAR[0] or abs(y - place[1]) >= NEAR[1] for x, y in taken):
                    return place
        return (at[0] + step, at[1] + FREE[-1])

    def wire(self, source: Port, target: str, port: str) -> None:
        found = (source.node, source.name, target, port)
        if found not in self.wires:
            self.wires.append(found)

    def note(self, text: str, at: tuple[float, float], *, wanted: str, colour: str = "plain") -> str:
        taken = {note["id"] for note in self.notes}
        id_ = next(name for name in numbered(clean_id(wanted)) if name not in taken)
        lines = sum(1 + len(line) // 34 for line in text.splitlines())
        size = {"width": 280, "height": min(420, max(90, 40 + 22 * lines))}
        place = {"x": at[0], "y": at[1]}
        self.notes.append({"id": id_, "text": text, "position": place, "size": size, "colour": colour})
        return id_

    def free_id(self, wanted: str) -> str:
        return next(name for name in numbered(clean_id(wanted)) if name not in self.nodes)

    def graph(self) -> Graph:
        if len(self.nodes) > MAX_NODES:
            raise ValueError(f"it would have more than {MAX_NODES} nodes here")
        return Graph.model_validate(
            {"nodes": list(self.nodes.values()), "wires": as_wires(self.wires), "notes": self.notes}
        )


def as_wires(wires: list[tuple[str, str, str, str]]) -> list[dict[str, str]]:
    return [
        {"id": f"w{number}", "source": s, "source_port": sp, "target": t, "target_port": tp}
        for number, (s, sp, t, tp) in enumerate(wires, start=1)
    ]


def clean_id(wanted: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", wanted)[:60].strip("_") or "node"


def port_name(wanted: str, default: str = "value") -> str:
    """A name that a port may have."""
    found = re.sub(r"\W+", "_", wanted, flags=re.ASCII).strip("_")[:50]
    return found if found[:1].isalpha() else f"{default}_{found}".rstrip("_")


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def numbered(name: str) -> Iterator[str]:
    """The name, and further ones should it be taken."""
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
