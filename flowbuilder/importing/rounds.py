"""Ways back and iterations: what is done again and again stands in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.enclosing import enclose
from flowbuilder.importing.order import Region
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How

if TYPE_CHECKING:
    from flowbuilder.importing.stage import Stage


def open_each(stage: Stage, original: Original) -> None:
    rounds = stage.loops.get(original.id)
    settings: dict[str, object] = {"at_once": 1} if rounds is None else {"until": "done", "rounds": rounds}
    kind, name = ("flow.each", "item") if rounds is None else ("flow.repeat", "begin")
    stage.each[original.id] = stage.add(original, kind, settings)
    at = (original.at[0] - 100, original.at[1] + 80)
    id_ = stage.drawing.node(
        "flow.group_input", at, wanted=f"{original.id}_{name}", label=name, settings={"name": name}
    )
    stage.drawing.owner[id_] = f"in {original.id}"
    stage.items[original.id] = Port(id_)


def close_each(stage: Stage, original: Original) -> None:
    ways = stage.ends(original.id)
    made = set(stage.drawing.nodes)
    joined = stage.joined(original, ways)
    if joined:
        id_ = stage.add(original, "flow.group_output", {"name": "result"}, label="result", beside=480)
        stage.drawing.wire(stage.gate(original, joined), id_, "content")
    for id_ in set(stage.drawing.nodes) - made:
        stage.drawing.owner[id_] = f"in {original.id}"


def open_region(stage: Stage, region: Region) -> None:
    entry = stage.source.nodes[region.entry]
    settings = {"until": "done", "rounds": max(1, min(100, region.rounds + 1))}
    region.group = stage.drawing.node(
        "flow.repeat",
        entry.at,
        wanted=f"repeat_{region.entry}",
        label=f"Repeat: {entry.label}",
        settings=settings,
    )
    stage.report.added.append(region.group)
    others = sorted({stage.source.nodes[back.to].label for back in region.backs if back.to != region.entry})
    if others:
        told = f"Every round begins at '{entry.label}'; before, some began at {', '.join(others)}."
        stage.report.notes.append(told)
    told = (
        f"The loop to '{entry.label}' is now the group '{entry.label}': what stood in it stands in the group."
    )
    stage.report.notes.append(told)


def entered(stage: Stage, region: Region) -> Exit:
    """From outside in the first round, from the last one afterwards."""
    entry = stage.source.nodes[region.entry]
    outside = stage.before(region.entry, region.steps)
    first = stage.gate(entry, outside) if outside else stage.question
    if first is not None:
        stage.drawing.wire(first, region.group, "again")
    id_ = stage.add(entry, "flow.group_input", {"name": "again"}, label="again", beside=-320)
    # What was wired for the way in stands outside.
    for made in [
        node for node, owner in stage.drawing.owner.items() if owner == region.entry and node != id_
    ]:
        stage.drawing.owner[made] = f"outside {region.entry}"
    return Exit.of(Port(id_))


def close_region(stage: Stage, region: Region) -> None:
    entry = stage.source.nodes[region.entry]
    ways: list[Port] = []
    for number, back in enumerate(region.backs):
        original = stage.source.nodes[back.step]
        before = stage.before(back.step)
        if before is None:
            continue
        told = f"The way back to '{entry.label}', at most {region.rounds} times: the group's next round."
        way = stage.gate(original, before)
        if number == 0:
            last = stage.add(original, "flow.group_output", {"name": "again"})
            stage.became(original, How.CONVERTED, told, last)
        else:
            id_ = stage.add(original, "flow.merge", {"how": "first"})
            stage.drawing.wire(way, id_, "values")
            way = Port(id_)
            stage.became(original, How.CONVERTED, told, id_)
        ways.append(way)
    if len(ways) == 1:
        stage.drawing.wire(ways[0], last, "content")
    elif ways:
        id_ = stage.add(entry, "flow.merge", {"how": "first"}, label="again", beside=320)
        for way in ways:
            stage.drawing.wire(way, id_, "values")
        stage.drawing.wire(Port(id_), last, "content")
    _done(stage, region, entry)


def _done(stage: Stage, region: Region, entry: Original) -> None:
    """It ends as soon as it goes on elsewhere."""
    backs = {back.step for back in region.backs}
    leaving: list[Port] = []
    for step in region.steps - backs:
        for branch, way in stage.exits.get(step, {}).items():
            targets = [
                link.target for link in stage.order.links if (link.source, link.branch) == (step, branch)
            ]
            if not targets or any(target not in region.steps for target in targets):
                leaving.append(way.control)
    if not leaving:
        return
    leaving = sorted(set(leaving), key=lambda port: (port.node, port.name))
    if len(leaving) > 1:
        id_ = stage.add(entry, "flow.merge", {"how": "text"}, label="leaves", beside=320)
        for port in leaving:
            stage.drawing.wire(port, id_, "values")
        leaving = [Port(id_)]
    said = stage.add(entry, "text.prompt", {"template": "done {{ value }}"}, label="done", beside=480)
    stage.drawing.wire(leaving[0], said, "value")
    out = stage.add(entry, "flow.group_output", {"name": "done"}, label="done", beside=640)
    stage.drawing.wire(Port(said), out, "content")


def enclose_all(stage: Stage) -> None:
    """Innermost first: loops of a level, then the iteration that this level stands in."""
    parents = sorted({"", *stage.each}, key=lambda parent: _depth(stage, parent), reverse=True)
    for parent in parents:
        for region in stage.regions:
            if stage.source.nodes[region.entry].parent == parent:
                within = {f"outside {step}" for step in region.steps - {region.entry}}
                enclose_steps(stage, region.group, region.steps | within)
                stage.drawing.owner[region.group] = region.entry
        if parent:
            children = {id_ for id_, node in stage.source.nodes.items() if node.parent == parent}
            outside = {f"outside {child}" for child in children}
            enclose_steps(stage, stage.each[parent], {f"in {parent}", *children, *outside})


def enclose_steps(stage: Stage, group: str, steps: set[str]) -> None:
    members = {id_ for id_ in stage.drawing.nodes if id_ != group and stage.drawing.owner.get(id_) in steps}
    enclose(stage.drawing, group, members)


def _depth(stage: Stage, parent: str) -> int:
    depth = 0
    while parent in stage.source.nodes:
        parent = stage.source.nodes[parent].parent
        depth += 1
    return depth
