"""Draws steps that come one after another: Flowise's agent flows, old and new, and Dify's workflows.

There a wire says only what comes next, and texts name what they need. Here a wire carries a value: so what a text
names is wired to it, and what says only when is wired to a node *After*. What leads back becomes a group *Repeat
until*.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.importing.drawing import Drawing, Exit, Port, as_text, numbered, port_name
from flowbuilder.importing.enclosing import enclose
from flowbuilder.importing.order import Back, Link, Order, Region, ordered, regions_of
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import How, Item, Report, without_secrets
from flowbuilder.importing.texts import filled

Convert = Callable[["Stage", Original, Exit | None], Mapping[str, Exit]]
"""A step with what comes before it -> how it goes on, by branch."""


@dataclass(frozen=True)
class Known:
    """What comes along with a flow: of the workspace file that it stands in."""

    bases: Mapping[str, str] = field(default_factory=dict)
    """The file's document store -> our knowledge base."""
    tools: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The file's custom tool -> its row."""
    flows: Mapping[str, str] = field(default_factory=dict)
    """The file's flow -> its name."""


class Stage:
    def __init__(self, source: Source, report: Report, known: Known | None = None) -> None:
        self.source = source
        self.report = report
        self.known = known or Known()
        self.drawing = Drawing(reserved=[node.at for node in source.nodes.values()])
        self.exits: dict[str, Mapping[str, Exit]] = {}
        self.question: Port | None = None
        self.start = ""
        """The step that a run begins with."""
        self.state: dict[str, str] = {}
        """What is remembered in a run, with how it begins."""
        self.state_scope = "run"
        self.each: dict[str, str] = {}
        """Iteration step -> its group."""
        self.items: dict[str, Port] = {}
        """Iteration step -> what gives one item in it."""
        self.named: dict[str, Callable[[Original, str], Port | None]] = {}
        """By the beginning of an expression: who gives its value."""
        self.order = Order([], [])
        self.regions: list[Region] = []
        self.remembered: set[str] = set()
        self.by_node: Callable[[Original, str, str], Port | None] = self.said_by
        """Who gives what another node of the file says."""
        self.expression: Callable[[Original, str], Port | None] | None = None
        """Who gives every value, where expressions are written otherwise."""
        self._memory: Port | None = None
        self._now: dict[str, Exit | None] = {}

    # What stands for what

    def add(
        self,
        original: Original,
        type_: str,
        settings: dict[str, object] | None = None,
        *,
        label: str | None = None,
        beside: float = 0,
    ) -> str:
        """A node for a step, at its place; with ``beside`` one that serves it, left or right of it."""
        at = self.drawing.beside(original.at, beside) if beside else original.at
        wanted = f"{original.id}_{label or type_.rpartition('.')[2]}" if beside else original.id
        return self.drawing.node(
            type_,
            at,
            wanted=wanted,
            label=original.label if label is None else label,
            settings=settings,
            owner=original.id,
        )

    def became(self, original: Original, how: How, why: str = "", *ids: str) -> None:
        """Whatever of its settings was not looked at is lost, and said to be."""
        self.report.items.append(Item(original.id, original.kind, original.label, how, list(ids), why))
        if how in {How.CONVERTED, How.APPROXIMATED, How.MERGED}:
            for name, value in original.kept.items():
                if name not in original.used:
                    self.report.lose(original.label, name, value)

    def placeholder(
        self, original: Original, before: Exit | None, why: str, branches: Iterable[str] = ("out",)
    ) -> Mapping[str, Exit]:
        gives = {branch: port_name(branch or "out", "branch") for branch in branches}
        settings = placeholder_of(
            self.report.source, original, why, ["before"] if before else [], gives.values()
        )
        id_ = self.add(original, "flow.placeholder", settings)
        if before:
            self.drawing.wire(self.gate(original, before), id_, "before")
        self.became(original, How.PLACEHOLDER, why, id_)
        return {branch: Exit.of(Port(id_, name)) for branch, name in gives.items()}

    # Values

    def gate(self, original: Original, before: Exit) -> Port:
        """What came before, there only where it goes on this way."""
        if before.content == before.control:
            return before.content
        return self.after(original, before.content, before.control)

    def held(self, original: Original, value: Port, before: Exit | None) -> Port:
        """A value, there only where it is this step's turn."""
        if before is None or (value in {before.content, before.control} and before.content == before.control):
            return value
        if value == before.control or before.control == self.question:
            return value
        return self.after(original, value, before.control)

    def after(self, original: Original, value: Port, control: Port) -> Port:
        id_ = self.add(original, "flow.after", label="after", beside=-160)
        self.drawing.wire(value, id_, "value")
        self.drawing.wire(control, id_, "after")
        return Port(id_)

    def memory(self) -> Port:
        if self._memory is None:
            first = self.source.nodes.get(self.start) or next(iter(self.source.nodes.values()))
            at = self.drawing.beside((first.at[0], first.at[1] + 190), 0)
            id_ = self.drawing.node(
                "language.memory", at, wanted="memory", label="Memory", settings={"turns": 20}
            )
            self.report.added.append(id_)
            self._memory = Port(id_)
        return self._memory

    def fill(self, original: Original, text: str) -> tuple[str, dict[str, Port]]:
        """A text with its mentions as inputs, and what is wired to them."""
        ports: dict[str, Port] = {}
        names: dict[Port, str] = {}

        def name_of(expression: str) -> str | None:
            port = self.value(original, expression)
            if port is None:
                told = f"'{{{{ {expression} }}}}' has no counterpart here and stays as it is written."
                self.report.needs(original.label, told)
                return None
            if port not in names:
                wanted = port_name(expression.replace(".output", ""))
                taken = {"history", "before", *ports}
                name = next(name for name in numbered(wanted) if name not in taken)
                names[port], ports[name] = name, port
            return names[port]

        return filled(text, name_of), ports

    def value(self, original: Original, expression: str) -> Port | None:
        """What an expression means at a step."""
        if self.expression is not None:
            return self.expression(original, expression)
        head = expression.partition(".")[0]
        for start, give in self.named.items():
            if expression == start or expression.startswith(f"{start}."):
                return give(original, expression[len(start) :].strip("."))
        if head in self.source.nodes and head != original.id:
            return self.by_node(original, head, expression[len(head) :].strip("."))
        return None

    def said_by(self, original: Original, step: str, path: str = "") -> Port | None:
        """What another step gave; where it may not have come to it, a blank."""
        if step == self.start:
            return self.question if not path else None
        here = self._level(original.id, step)
        if here is None or step not in self.order.before(here):
            found = self._recall(original, step)
        else:
            exits = self.exits.get(step)
            if not exits:
                return None
            content = next(iter(exits.values())).content
            found = content if self.order.dominates(step, here) else self._or_blank(original, content)
        return self.part(original, found, path) if path else found

    def messages_so_far(self, original: Original) -> Port | None:
        """How many messages there were: in a loop two more each round."""
        if not any(original.id in region.steps for region in self.regions):
            return None
        index = self.add(original, "flow.group_input", {"name": "index"}, label="round", beside=-480)
        counts = {"names": ["index"], "code": "2 * index + 2"}
        id_ = self.add(original, "tools.code", counts, label="messages so far", beside=-320)
        self.drawing.wire(Port(index), id_, "index")
        return Port(id_, "text")

    def part(self, original: Original, port: Port, path: str) -> Port:
        """A field of a record."""
        path = path.removeprefix("output").strip(".")
        if not path or path in {"content", "text"}:
            return port
        expression = ".".join(f'"{name}"' for name in path.split(".") if name) or "@"
        id_ = self.add(original, "tools.map", {"expression": expression[:2000]}, label=path[:60], beside=-320)
        self.drawing.wire(port, id_, "data")
        return Port(id_, "text")

    def variable(self, original: Original, name: str, scope: str, default: str = "") -> Port:
        """Read as it is when the step's turn comes."""
        # Left empty its output would be untaken, and what hangs on it skipped: a blank is what it was there.
        settings = {"scope": scope, "name": name[:100], "default": default or " "}
        id_ = self.add(original, "flow.read_variable", settings, label=name, beside=-320)
        if before := self._now.get(original.id):
            self.drawing.wire(before.control, id_, "after")
        return Port(id_)

    def remember(self, original: Original, name: str, value: Port, scope: str | None = None) -> Port:
        """Set a variable behind a step; goes on with the value."""
        settings = {"scope": scope or self.state_scope, "name": name[:100]}
        id_ = self.add(original, "flow.set_variable", settings, label=f"Set {name}", beside=320)
        self.drawing.wire(value, id_, "value")
        return Port(id_)

    def _level(self, step: str, other: str) -> str | None:
        """The step itself, or the iteration around it, that stands beside the other."""
        wanted = self.source.nodes[other].parent
        at = step
        while at in self.source.nodes:
            if self.source.nodes[at].parent == wanted:
                return at
            at = self.source.nodes[at].parent
        return None

    def _recall(self, original: Original, step: str) -> Port:
        self.remembered.add(step)
        return self.variable(original, f"said by {step}", "run")

    def _or_blank(self, original: Original, content: Port) -> Port:
        blank = self.add(original, "text.prompt", {"template": " "}, label="nothing", beside=-480)
        id_ = self.add(original, "flow.merge", {"how": "first"}, label="or nothing", beside=-320)
        self.drawing.wire(content, id_, "values")
        self.drawing.wire(Port(blank), id_, "values")
        return Port(id_)

    # All of it

    def draw(
        self,
        steps: list[str],
        links: list[Link],
        backs: list[Back],
        convert: Convert,
        iterations: Collection[str] = (),
    ) -> list[Exit]:
        """Every step in its turn; gives the ends of the whole. ``enclose_all`` comes once nothing is wired any more."""
        for step in steps:
            if self.source.nodes[step].parent not in iterations:
                self.source.nodes[step].parent = ""
        self.order = ordered(steps, [link for link in links if self._beside(link)])
        for link in self.order.dropped:
            why = "it leads in a circle, and only a loop can lead back here"
            self.report.dropped.append({"source": link.source, "target": link.target, "why": why})
        self.regions, lost = regions_of(self.order, backs)
        for region in self.regions:
            self._open(region)
        starts = {region.entry: region for region in self.regions}
        ways_back = {back.step for back in backs}
        for step in steps:
            if step in iterations:
                self._open_each(self.source.nodes[step])
        for step in self._sequence(""):
            if step in ways_back:
                continue
            original = self.source.nodes[step]
            before = self._entered(starts[step]) if step in starts else self._before(step)
            self._now[step] = before
            self.exits[step] = convert(self, original, before)
        for back in lost:
            self.placeholder(
                self.source.nodes[back.step],
                self._before(back.step),
                "It leads back to a step that does not come before it.",
            )
        for region in self.regions:
            self._close(region)
        for step in self.each:
            self._close_each(self.source.nodes[step])
        self._store_remembered()
        return self.ends("")

    def _beside(self, link: Link) -> bool:
        ends = [self.source.nodes.get(end) for end in (link.source, link.target)]
        if ends[0] and ends[1] and ends[0].parent == ends[1].parent:
            return True
        why = "it leads out of an iteration, or into one"
        self.report.dropped.append({"source": link.source, "target": link.target, "why": why})
        return False

    def _sequence(self, parent: str) -> Iterator[str]:
        """In order, each iteration before what stands in it."""
        for step in self.order.steps:
            if self.source.nodes[step].parent == parent:
                yield step
                if step in self.each:
                    yield from self._sequence(step)

    def ends(self, parent: str) -> list[Exit]:
        """How the steps of one level end."""
        going = {(link.source, link.branch) for link in self.order.links}
        backs = {back.step for region in self.regions for back in region.backs}
        return [
            way
            for step in self.order.steps
            if self.source.nodes[step].parent == parent and step not in backs
            for branch, way in self.exits.get(step, {}).items()
            if (step, branch) not in going
        ]

    def joined(self, original: Original, ways: list[Exit]) -> Exit | None:
        """Several ways as one: whichever is taken, or all where several are."""
        if len(ways) <= 1:
            return ways[0] if ways else None
        id_ = self.add(original, "flow.merge", {"how": "text"}, label="joined", beside=-160)
        for way in ways:
            self.drawing.wire(self.gate(original, way), id_, "values")
        return Exit.of(Port(id_))

    def _before(self, step: str, within: set[str] | None = None) -> Exit | None:
        ways = [
            self.exits[link.source][link.branch]
            for link in self.order.links
            if link.target == step
            and link.branch in self.exits.get(link.source, {})
            and (within is None or link.source not in within)
        ]
        original = self.source.nodes[step]
        if not ways and original.parent in self.each:
            return Exit.of(self.items[original.parent])
        return self.joined(original, list(dict.fromkeys(ways)))

    def _open_each(self, original: Original) -> None:
        self.each[original.id] = self.add(original, "flow.each", {"at_once": 1})
        at = (original.at[0] - 100, original.at[1] + 80)
        id_ = self.drawing.node(
            "flow.group_input", at, wanted=f"{original.id}_item", label="item", settings={"name": "item"}
        )
        self.drawing.owner[id_] = f"in {original.id}"
        self.items[original.id] = Port(id_)

    def _close_each(self, original: Original) -> None:
        ways = self.ends(original.id)
        made = set(self.drawing.nodes)
        joined = self.joined(original, ways)
        if joined:
            id_ = self.add(original, "flow.group_output", {"name": "result"}, label="result", beside=480)
            self.drawing.wire(self.gate(original, joined), id_, "content")
        for id_ in set(self.drawing.nodes) - made:
            self.drawing.owner[id_] = f"in {original.id}"

    def _open(self, region: Region) -> None:
        entry = self.source.nodes[region.entry]
        settings = {"until": "done", "rounds": max(1, min(100, region.rounds + 1))}
        region.group = self.drawing.node(
            "flow.repeat",
            entry.at,
            wanted=f"repeat_{region.entry}",
            label=f"Repeat: {entry.label}",
            settings=settings,
        )
        self.report.added.append(region.group)
        others = sorted(
            {self.source.nodes[back.to].label for back in region.backs if back.to != region.entry}
        )
        if others:
            told = f"Every round begins at '{entry.label}'; before, some began at {', '.join(others)}."
            self.report.notes.append(told)
        told = f"The loop to '{entry.label}' is now the group '{entry.label}': what stood in it stands in the group."
        self.report.notes.append(told)

    def _entered(self, region: Region) -> Exit:
        """From outside in the first round, from the last one afterwards."""
        entry = self.source.nodes[region.entry]
        outside = self._before(region.entry, region.steps)
        first = self.gate(entry, outside) if outside else self.question
        if first is not None:
            self.drawing.wire(first, region.group, "again")
        id_ = self.add(entry, "flow.group_input", {"name": "again"}, label="again", beside=-320)
        # What was wired for the way in stands outside.
        for made in [
            node for node, owner in self.drawing.owner.items() if owner == region.entry and node != id_
        ]:
            self.drawing.owner[made] = f"outside {region.entry}"
        return Exit.of(Port(id_))

    def _close(self, region: Region) -> None:
        entry = self.source.nodes[region.entry]
        ways: list[Port] = []
        for number, back in enumerate(region.backs):
            original = self.source.nodes[back.step]
            before = self._before(back.step)
            if before is None:
                continue
            told = f"The way back to '{entry.label}', at most {region.rounds} times: the group's next round."
            way = self.gate(original, before)
            if number == 0:
                last = self.add(original, "flow.group_output", {"name": "again"})
                self.became(original, How.CONVERTED, told, last)
            else:
                id_ = self.add(original, "flow.merge", {"how": "first"})
                self.drawing.wire(way, id_, "values")
                way = Port(id_)
                self.became(original, How.CONVERTED, told, id_)
            ways.append(way)
        if len(ways) == 1:
            self.drawing.wire(ways[0], last, "content")
        elif ways:
            id_ = self.add(entry, "flow.merge", {"how": "first"}, label="again", beside=320)
            for way in ways:
                self.drawing.wire(way, id_, "values")
            self.drawing.wire(Port(id_), last, "content")
        self._done(region, entry)

    def _done(self, region: Region, entry: Original) -> None:
        """It ends as soon as it goes on elsewhere."""
        backs = {back.step for back in region.backs}
        leaving: list[Port] = []
        for step in region.steps - backs:
            for branch, way in self.exits.get(step, {}).items():
                targets = [
                    link.target for link in self.order.links if (link.source, link.branch) == (step, branch)
                ]
                if not targets or any(target not in region.steps for target in targets):
                    leaving.append(way.control)
        if not leaving:
            return
        leaving = sorted(set(leaving), key=lambda port: (port.node, port.name))
        if len(leaving) > 1:
            id_ = self.add(entry, "flow.merge", {"how": "text"}, label="leaves", beside=320)
            for port in leaving:
                self.drawing.wire(port, id_, "values")
            leaving = [Port(id_)]
        said = self.add(entry, "text.prompt", {"template": "done {{ value }}"}, label="done", beside=480)
        self.drawing.wire(leaving[0], said, "value")
        out = self.add(entry, "flow.group_output", {"name": "done"}, label="done", beside=640)
        self.drawing.wire(Port(said), out, "content")

    def _store_remembered(self) -> None:
        for step in sorted(self.remembered):
            if exits := self.exits.get(step):
                content = next(iter(exits.values())).content
                self.remember(self.source.nodes[step], f"said by {step}", content, "run")

    def enclose_all(self) -> None:
        """Innermost first: loops of a level, then the iteration that this level stands in."""
        parents = sorted({"", *self.each}, key=self._depth, reverse=True)
        for parent in parents:
            for region in self.regions:
                if self.source.nodes[region.entry].parent == parent:
                    within = {f"outside {step}" for step in region.steps - {region.entry}}
                    self._enclose(region.group, region.steps | within)
                    self.drawing.owner[region.group] = region.entry
            if parent:
                children = {id_ for id_, node in self.source.nodes.items() if node.parent == parent}
                outside = {f"outside {child}" for child in children}
                self._enclose(self.each[parent], {f"in {parent}", *children, *outside})

    def _enclose(self, group: str, steps: set[str]) -> None:
        members = {id_ for id_ in self.drawing.nodes if id_ != group and self.drawing.owner.get(id_) in steps}
        enclose(self.drawing, group, members)

    def _depth(self, parent: str) -> int:
        depth = 0
        while parent in self.source.nodes:
            parent = self.source.nodes[parent].parent
            depth += 1
        return depth


def placeholder_of(
    source: str, original: Original, why: str, takes: Iterable[str], gives: Iterable[str]
) -> dict[str, object]:
    kept = without_secrets({"type": original.kind, "label": original.label, "settings": original.kept})
    return {
        "was": f"{source}: {original.kind}"[:200],
        "missing": why[:4000],
        "kept": as_text(kept)[:500_000],
        "takes": list(dict.fromkeys(takes)),
        "gives": list(dict.fromkeys(gives)) or ["out"],
    }
