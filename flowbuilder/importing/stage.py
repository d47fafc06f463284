"""Draws steps that come one after another: Flowise's agent flows, old and new, and Dify's workflows.

There a wire says only what comes next, and texts name what they need. Here a wire carries a value: so what a text
names is wired to it, and what says only when is wired to a node *After*. What leads back becomes a group *Repeat
until*.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from flowbuilder.importing import rounds
from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.known import Known
from flowbuilder.importing.order import Back, Link, ordered, regions_of
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import Report
from flowbuilder.importing.values import Values

Convert = Callable[["Stage", Original, Exit | None], Mapping[str, Exit]]
"""A step with what comes before it -> how it goes on, by branch."""


class Stage(Values):
    def __init__(self, source: Source, report: Report, known: Known | None = None) -> None:
        super().__init__(source, report, known)
        self.each: dict[str, str] = {}
        """Iteration step -> its group."""
        self.items: dict[str, Port] = {}
        """Iteration step -> what gives one item in it."""
        self.loops: dict[str, int] = {}
        """Loop step -> how often it goes round at most; loops are among the iterations."""

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
            rounds.open_region(self, region)
        starts = {region.entry: region for region in self.regions}
        ways_back = {back.step for back in backs}
        for step in steps:
            if step in iterations:
                rounds.open_each(self, self.source.nodes[step])
        for step in self._sequence(""):
            if step in ways_back:
                continue
            original = self.source.nodes[step]
            before = rounds.entered(self, starts[step]) if step in starts else self.before(step)
            self.now[step] = before
            self.exits[step] = convert(self, original, before)
        for back in lost:
            self.placeholder(
                self.source.nodes[back.step],
                self.before(back.step),
                "It leads back to a step that does not come before it.",
            )
        for region in self.regions:
            rounds.close_region(self, region)
        for step in self.each:
            rounds.close_each(self, self.source.nodes[step])
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

    def before(self, step: str, within: set[str] | None = None) -> Exit | None:
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

    def _store_remembered(self) -> None:
        for step in sorted(self.remembered):
            if exits := self.exits.get(step):
                content = next(iter(exits.values())).content
                self.remember(self.source.nodes[step], f"said by {step}", content, "run")

    def enclose_all(self) -> None:
        rounds.enclose_all(self)
