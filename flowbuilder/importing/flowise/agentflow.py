"""Flowise's agent flows of the second kind: steps whose texts name what they need."""

from __future__ import annotations

from collections.abc import Mapping

from flowbuilder.importing.drawing import Exit, Port, port_name
from flowbuilder.importing.flowise.agentflow_steps import STEPS, conclude
from flowbuilder.importing.flowise.reading import NOTES
from flowbuilder.importing.known import Known
from flowbuilder.importing.order import Back, Link
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import How, Report
from flowbuilder.importing.stage import Stage

LOOP, ITERATION, START = "loopAgentflow", "iterationAgentflow", "startAgentflow"
UNKNOWN = "Flowise's node has no counterpart here. Put nodes in its place that do the same."


def convert(source: Source, report: Report, known: Known) -> Stage:
    stage = Stage(source, report, known)
    for node in source.nodes.values():
        node.ignore("undefined")
    notes = [node for node in source.nodes.values() if node.kind in NOTES]
    for node in notes:
        id_ = stage.drawing.note(node.text("note"), node.at, wanted=node.id, colour="yellow")
        stage.became(node, How.NOTE, "", id_)
    steps = [id_ for id_, node in source.nodes.items() if node.kind not in NOTES]
    stage.named = {
        "question": lambda original, path: stage.question if not path else None,
        "$form": lambda original, path: _form(stage, path),
        "chat_history": lambda original, path: stage.memory(),
        "runtime_messages": lambda original, path: stage.memory(),
        "current_date_time": lambda original, path: Port(
            stage.add(original, "tools.date", label="now", beside=-320)
        ),
        "runtime_messages_length": lambda original, path: stage.messages_so_far(original),
        "$vars": lambda original, path: stage.variable(original, path, "workspace") if path else None,
        "$flow.state": lambda original, path: _state(stage, original, path),
        "$iteration": lambda original, path: _item(stage, original, path),
    }
    stage.start = next((step for step in steps if source.nodes[step].kind == START), "")
    links = [Link(edge.source, _branch(edge.source_port), edge.target) for edge in source.edges]
    backs = [back for step in steps if (back := _back(source, source.nodes[step]))]
    iterations = {step for step in steps if source.nodes[step].kind == ITERATION}
    ends = stage.draw(steps, links, backs, _step, iterations)
    conclude(stage, ends)
    stage.enclose_all()
    return stage


def _step(stage: Stage, original: Original, before: Exit | None) -> Mapping[str, Exit]:
    if original.kind in STEPS:
        return STEPS[original.kind](stage, original, before)
    branches = sorted({_branch(edge.source_port) for edge in stage.source.out_of(original.id)}) or [""]
    return stage.placeholder(original, before, UNKNOWN, branches)


def _branch(handle: str) -> str:
    """``conditionAgentflow_0-output-1`` -> ``1``; the only output of a step has no name."""
    last = handle.rpartition("-output-")[2]
    return last if last.isdigit() else ""


def _back(source: Source, original: Original) -> Back | None:
    if original.kind != LOOP:
        return None
    said = original.text("loopBackToNode")
    target = next((id_ for id_ in source.nodes if said == id_ or said.startswith(f"{id_}-")), "")
    try:
        rounds = int(original.take("maxLoopCount", 5))
    except (TypeError, ValueError, OverflowError):
        rounds = 5
    original.ignore("fallbackMessage")
    return Back(original.id, target, max(1, min(99, rounds)))


def _form(stage: Stage, path: str) -> Port | None:
    form = (
        stage.drawing.nodes.get(stage.exits[stage.start][""].control.node)
        if stage.start in stage.exits
        else None
    )
    names = [row["name"] for row in form["settings"].get("fields", [])] if form else []
    return Port(form["id"], port_name(path, "field")) if form and port_name(path, "field") in names else None


def _state(stage: Stage, original: Original, path: str) -> Port | None:
    name, _, rest = path.partition(".")
    if not name:
        return None
    port = stage.variable(original, name, stage.state_scope, stage.state.get(name, ""))
    return stage.part(original, port, rest) if rest else port


def _item(stage: Stage, original: Original, path: str) -> Port | None:
    at = original
    while at.parent and at.parent not in stage.items:
        at = stage.source.nodes[at.parent]
    if at.parent not in stage.items:
        return None
    port = stage.items[at.parent]
    return stage.part(original, port, path) if path else port
