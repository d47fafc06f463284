"""The order of steps, and which of them a way back turns into rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    """One step comes after another, where that one goes on by this branch."""

    source: str
    branch: str
    target: str


@dataclass(frozen=True)
class Back:
    """A step that leads back to an earlier one."""

    step: str
    to: str
    rounds: int


@dataclass
class Region:
    """Steps that are done again and again."""

    entry: str
    steps: set[str]
    backs: list[Back]
    group: str = ""

    @property
    def rounds(self) -> int:
        return max(back.rounds for back in self.backs)


@dataclass
class Order:
    links: list[Link]
    steps: list[str]
    """Each behind those before it."""
    dropped: list[Link] = field(default_factory=list)
    """What led in a circle."""
    after: dict[str, set[str]] = field(default_factory=dict)
    """Everything behind a step."""

    def before(self, step: str) -> set[str]:
        return {other for other, behind in self.after.items() if step in behind}

    def dominates(self, first: str, then: str) -> bool:
        """Whether no way leads to ``then`` but over ``first``."""
        targets = {link.target for link in self.links}
        edge = [step for step in self.steps if step not in targets and step != first]
        seen = set(edge)
        nexts = defaultdict(list)
        for link in self.links:
            nexts[link.source].append(link.target)
        while edge:
            step = edge.pop()
            if step == then:
                return False
            for target in nexts[step]:
                if target not in seen and target != first:
                    seen.add(target)
                    edge.append(target)
        return True


def ordered(steps: Iterable[str], links: Iterable[Link]) -> Order:
    """Depth first (Tarjan 1976): a link to a step that is still open leads in a circle, and is left out."""
    names = list(steps)
    known = set(names)
    out: dict[str, list[Link]] = defaultdict(list)
    for link in dict.fromkeys(links):
        if link.source in known and link.target in known:
            out[link.source].append(link)
    state: dict[str, int] = {}
    found: list[str] = []
    dropped: list[Link] = []
    targets = {link.target for listed in out.values() for link in listed}
    for root in [*(name for name in names if name not in targets), *names]:
        if root not in state:
            _visit(root, out, state, found, dropped)
    found.reverse()
    gone = set(dropped)
    kept = [link for name in names for link in out[name] if link not in gone]
    return Order(kept, found, dropped, _behind(found, kept))


def _visit(
    root: str, out: dict[str, list[Link]], state: dict[str, int], found: list[str], dropped: list[Link]
) -> None:
    state[root] = 1
    stack = [(root, iter(out[root]))]
    while stack:
        step, links = stack[-1]
        link = next(links, None)
        if link is None:
            state[step] = 2
            found.append(step)
            stack.pop()
        elif state.get(link.target) == 1:
            dropped.append(link)
        elif link.target not in state:
            state[link.target] = 1
            stack.append((link.target, iter(out[link.target])))


def _behind(steps: list[str], links: list[Link]) -> dict[str, set[str]]:
    behind: dict[str, set[str]] = {step: set() for step in steps}
    nexts = defaultdict(list)
    for link in links:
        nexts[link.source].append(link.target)
    for step in reversed(steps):
        for target in nexts[step]:
            behind[step] |= {target} | behind[target]
    return behind


def regions_of(order: Order, backs: Iterable[Back]) -> tuple[list[Region], list[Back]]:
    """What lies between a step and the way back to it; what overlaps is one. With those that lead back to nothing before them."""
    regions: list[Region] = []
    lost: list[Back] = []
    for back in backs:
        if back.to not in order.after or back.step not in order.after[back.to]:
            lost.append(back)
            continue
        merged = Region(back.to, _between(order, {back.to}, {back.step}), [back])
        while touching := [region for region in regions if region.steps & merged.steps]:
            regions = [region for region in regions if region not in touching]
            merged.backs += [each for region in touching for each in region.backs]
            entries = {each.to for each in merged.backs}
            merged.steps = _between(order, entries, {each.step for each in merged.backs})
        merged.entry = min((each.to for each in merged.backs), key=order.steps.index)
        regions.append(merged)
    return regions, lost


def _between(order: Order, first: set[str], last: set[str]) -> set[str]:
    behind = set(first).union(*(order.after[step] for step in first))
    return {step for step in behind if step in last or order.after[step] & last}
