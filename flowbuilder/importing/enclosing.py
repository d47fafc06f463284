"""Puts a group around nodes that were drawn flat: what crosses its edge becomes a Group input or a Group output."""

from __future__ import annotations

from typing import Any

from flowbuilder.importing.drawing import Drawing, as_wires, port_name

IN, OUT = "flow.group_input", "flow.group_output"


def enclose(drawing: Drawing, group: str, members: set[str]) -> None:
    """``group`` is a node of the drawing already; wires to ports that its body has by name stay as they are."""
    members = members | _offering(drawing, members)
    inside = {id_: drawing.nodes[id_] for id_ in drawing.nodes if id_ in members}
    ports = _Ports(drawing, inside)
    inner: list[tuple[str, str, str, str]] = []
    outer: list[tuple[str, str, str, str]] = []
    for source, source_port, target, target_port in drawing.wires:
        if source in members and target in members:
            inner.append((source, source_port, target, target_port))
        elif target in members:
            entry, name = ports.entry(source, source_port, inside[target])
            inner.append((entry, "out", target, target_port))
            outer.append((source, source_port, group, name))
        elif source in members:
            exit_, name = ports.exit(source, source_port)
            inner.append((source, source_port, exit_, "content"))
            outer.append((group, name, target, target_port))
        else:
            outer.append((source, source_port, target, target_port))
    drawing.wires = list(dict.fromkeys(outer))
    for id_ in inside:
        del drawing.nodes[id_]
    body = [*inside.values(), *ports.made.values()]
    drawing.nodes[group]["body"] = {"nodes": body, "wires": as_wires(list(dict.fromkeys(inner)))}


def _offering(drawing: Drawing, members: set[str]) -> set[str]:
    """Tools of those inside: a tool stands beside its agent, for no value carries it over an edge."""
    targets: dict[str, set[str]] = {}
    for source, _, target, port in drawing.wires:
        if port == "tools" and source not in members:
            targets.setdefault(source, set()).add(target)
    found: set[str] = set()
    for source, agents in targets.items():
        if agents <= members:
            found.add(source)
        elif agents & members:
            found.add(_copied(drawing, source, agents & members))
    return found


def _copied(drawing: Drawing, tool: str, agents: set[str]) -> str:
    """One more of a tool that is also called outside."""
    id_ = drawing.free_id(tool)
    at = drawing.nodes[tool]["position"]
    drawing.nodes[id_] = {**drawing.nodes[tool], "id": id_, "position": dict(at)}
    drawing.wires = [
        (id_, *wire[1:]) if wire[0] == tool and wire[2] in agents else wire for wire in drawing.wires
    ] + [(source, port, id_, name) for source, port, target, name in drawing.wires if target == tool]
    return id_


class _Ports:
    """Group inputs and outputs: those that are drawn, and those that crossing wires need."""

    def __init__(self, drawing: Drawing, inside: dict[str, dict[str, Any]]) -> None:
        self.drawing = drawing
        self.inside = inside
        self.made: dict[str, dict[str, Any]] = {}
        self.known: dict[tuple[str, str, str], tuple[str, str]] = {}
        self.names = {
            kind: {str(node["settings"]["name"]) for node in inside.values() if node["type"] == kind}
            for kind in (IN, OUT)
        }

    def entry(self, source: str, source_port: str, near: dict[str, Any]) -> tuple[str, str]:
        at = (near["position"]["x"] - 320, near["position"]["y"] + 40)
        return self._port(IN, source, source_port, at)

    def exit(self, source: str, source_port: str) -> tuple[str, str]:
        place = self.inside[source]["position"]
        return self._port(OUT, source, source_port, (place["x"] + 320, place["y"] + 40))

    def _port(self, kind: str, source: str, port: str, at: tuple[float, float]) -> tuple[str, str]:
        if (kind, source, port) not in self.known:
            wanted = port_name(source if port in {"out", "text"} else f"{source}_{port}", "from")
            name, number = wanted[:50], 2
            while name in self.names[kind] or name in {"item", "index", "items", "failures", "error"}:
                name, number = f"{wanted[:50]}_{number}", number + 1
            self.names[kind].add(name)
            id_ = f"{'in' if kind == IN else 'out'}_{name}"
            settings: dict[str, Any] = {"name": name}
            if kind == IN:
                settings["required"] = False
            node = {"id": id_, "type": kind, "label": "", "settings": settings}
            self.made[id_] = {**node, "position": {"x": at[0], "y": at[1] + 70 * len(self.made)}}
            self.known[kind, source, port] = id_, name
        return self.known[kind, source, port]
