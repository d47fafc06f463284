"""Makes a graph of what a model wrote: whatever is no node, setting or port here is dropped or mended, and each time it is told."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.fit import fits
from flowbuilder.engine.graph import NodeSpec, Wire, find_cycle
from flowbuilder.engine.ports import Port, inputs_of, outputs_of
from flowbuilder.flows.describing.asking import MOST_NODES, WITH_A_BODY
from flowbuilder.flows.describing.placing import placed
from flowbuilder.flows.nodes import catalogue
from nodes.base import Node, NodeError

NEAR = 0.75
"""How alike a name must be to one that there is, to be taken for it (difflib's ratio)."""


@dataclass
class Repaired:
    nodes: list[dict[str, Any]] = field(default_factory=list)
    wires: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was mended, for the person."""

    @property
    def graph(self) -> dict[str, Any]:
        return {"nodes": placed(self.nodes, self.wires), "wires": self.wires, "notes": [], "frames": []}


def written(text: str) -> dict[str, Any]:
    """The JSON object in what a model wrote. Errors: ``NodeError`` where there is none."""
    fenced = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        found = json.loads(fenced[0]) if fenced else None
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise NodeError(
            "The model wrote no flow. Try again, say it in other words, or choose a larger model."
        )
    return found


def repair(drawn: dict[str, Any]) -> Repaired:
    mending = _Mending()
    for node in _records(drawn.get("nodes"))[:MOST_NODES]:
        mending.node(node)
    mending.ends()
    for wire in _records(drawn.get("wires")):
        mending.wire(wire)
    mending.connect()
    return mending.made


def _records(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


class _Mending:
    def __init__(self) -> None:
        self.made = Repaired()
        self.built: dict[str, Node] = {}
        self.named: dict[str, str] = {}
        """What the model called a node -> its id."""

    def tell(self, note: str) -> None:
        if note not in self.made.notes:
            self.made.notes.append(note)

    def node(self, drawn: dict[str, Any]) -> None:
        type_id = self._type(str(drawn.get("type", "")))
        if type_id is None:
            return
        called = str(drawn.get("id", ""))
        label = drawn.get("label")
        settings = drawn.get("settings")
        self.add(
            type_id,
            label if isinstance(label, str) else "",
            settings if isinstance(settings, dict) else {},
            called,
        )

    def add(self, type_id: str, label: str, settings: dict[str, Any], called: str = "") -> str:
        node, kept = self._settings(type_id, settings)
        stem = type_id.rsplit(".", 1)[-1]
        number = sum(1 for known in self.made.nodes if known["type"] == type_id) + 1
        key = f"{stem}_{number}"
        self.made.nodes.append({"id": key, "type": type_id, "label": label[:80], "settings": kept})
        self.built[key] = node
        self.named.setdefault(called, key)
        self.named.setdefault(key, key)
        return key

    def _type(self, wanted: str) -> str | None:
        kinds = catalogue()
        if kinds.named(wanted) in WITH_A_BODY:
            self.tell(f"{wanted} was left out: what stands in a group is drawn by hand.")
            return None
        if kinds.knows(wanted):
            return kinds.named(wanted)
        last = wanted.rsplit(".", 1)[-1]
        same_end = [known for known in kinds.kinds if known.rsplit(".", 1)[-1] == last]
        same_end = [known for known in same_end if known not in WITH_A_BODY]
        near = same_end or difflib.get_close_matches(
            wanted, kinds.kinds.keys() - WITH_A_BODY, n=1, cutoff=NEAR
        )
        if len(near) == 1:
            self.tell(f"“{wanted}” was taken for {near[0]}.")
            return near[0]
        self.tell(f"There is no node “{wanted}”: it was left out.")
        return None

    def _settings(self, type_id: str, settings: dict[str, Any]) -> tuple[Node, dict[str, Any]]:
        """The node with those settings that it takes."""
        kind = catalogue().kind(type_id)
        kept = {name: value for name, value in settings.items() if name in kind.model_fields}
        for name in settings.keys() - kept.keys():
            self.tell(f"{type_id} has no setting “{name}”.")
        while True:
            try:
                return catalogue().build(NodeSpec(id="drawn", type=type_id, settings=kept)), kept
            except NodeError as error:
                wrong = re.match(r"Setting '([^'.]+)", str(error))
                name = wrong[1] if wrong and wrong[1] in kept else next(iter(kept), None)
                if name is None:
                    raise
                self.tell(f"{type_id}: {error} Its default was taken.")
                kept.pop(name)

    def ends(self) -> None:
        """A flow begins and ends somewhere."""
        types = {node["type"] for node in self.made.nodes}
        beginnings = {"flow.start", "flow.form", "flow.webhook", "flow.schedule"}
        if not types & beginnings and any(
            port.required for node in self.built.values() for port in inputs_of(node)
        ):
            self.made.nodes.insert(0, self.made.nodes.pop(self._index(self.add("flow.start", "", {}))))
            self.tell("A Start was put before it.")
        if "flow.reply" not in types:
            self.add("flow.reply", "", {})
            self.tell("A Reply was put behind it.")

    def _index(self, key: str) -> int:
        return next(place for place, node in enumerate(self.made.nodes) if node["id"] == key)

    def wire(self, drawn: dict[str, Any]) -> None:
        source, _, source_port = str(drawn.get("from", "")).partition(".")
        target, _, target_port = str(drawn.get("to", "")).partition(".")
        one, other = self.named.get(source), self.named.get(target)
        if one is None or other is None or one == other:
            return
        output = self._port(outputs_of(self.built[one]).ports, source_port)
        takes = self._port(inputs_of(self.built[other]), target_port)
        chosen = next(self._ways(one, output, other, takes), None)
        if chosen is None:
            self.tell(f"No wire leads from {one} to {other}: nothing that one gives is what the other takes.")
            return
        self._draw(one, chosen[0], other, chosen[1])

    @staticmethod
    def _port(ports: tuple[Port, ...], name: str) -> Port | None:
        return next((port for port in ports if port.name == name), None)

    def _ways(
        self, one: str, output: Port | None, other: str, takes: Port | None
    ) -> Iterator[tuple[Port, Port]]:
        """What was meant first, then what fits by type: required inputs before others."""
        outputs = [output] if output else list(outputs_of(self.built[one]).ports)
        free = [port for port in inputs_of(self.built[other]) if port.gathers or not self._wired(other, port)]
        inputs = [takes] if takes in free else []
        inputs += sorted((port for port in free if port != takes), key=lambda port: not port.required)
        for target in inputs:
            yield from ((source, target) for source in outputs if fits(source, target))

    def _wired(self, node: str, port: Port) -> bool:
        return any(wire["target"] == node and wire["target_port"] == port.name for wire in self.made.wires)

    def _draw(self, source: str, output: Port, target: str, takes: Port) -> bool:
        wire = {
            "id": f"w{len(self.made.wires) + 1}",
            "source": source,
            "source_port": output.name,
            "target": target,
            "target_port": takes.name,
        }
        ids = [node["id"] for node in self.made.nodes]
        if find_cycle(ids, [Wire(**known) for known in [*self.made.wires, wire]]):
            self.tell(f"A wire from {source} to {target} would have made a circle.")
            return False
        self.made.wires.append(wire)
        return True

    def connect(self) -> None:
        """What still needs something gets it from the node before it that gives it; the Reply from the last one."""
        order = [node["id"] for node in self.made.nodes]
        for place, key in enumerate(order):
            for port in inputs_of(self.built[key]):
                if not port.required or self._wired(key, port):
                    continue
                earlier = order[:place][::-1] + order[place + 1 :]
                # What nobody uses yet comes first: it was drawn for something.
                used = {wire["source"] for wire in self.made.wires}
                for other in sorted(earlier, key=lambda known: known in used):
                    if other != key and self._give(other, key, port):
                        self.tell(f"{key}: its input “{port.name}” was connected to {other}.")
                        break

    def _give(self, source: str, target: str, port: Port) -> bool:
        if (
            catalogue().named(next(node["type"] for node in self.made.nodes if node["id"] == source))
            == "flow.reply"
        ):
            return False
        fitting = (
            output
            for output in outputs_of(self.built[source]).ports
            if fits(output, port) and output.name != "error"
        )
        output = next(fitting, None)
        return output is not None and self._draw(source, output, target, port)
