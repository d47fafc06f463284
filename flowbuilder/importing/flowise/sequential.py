"""Flowise's sequential agents: steps in order, with a state that they share."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.flowise.agentflow_steps import conclude
from flowbuilder.importing.flowise.plugs import Plugs, output_of, param_of
from flowbuilder.importing.flowise.reading import NOTES
from flowbuilder.importing.flowise.sequential_steps import STEPS, Team
from flowbuilder.importing.known import Known
from flowbuilder.importing.order import Back, Link
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import How, Report
from flowbuilder.importing.stage import Stage

LOOP, START, STATE = "seqLoop", "seqStart", "seqState"
ORDER = {"sequentialNode", "llmNode"}
NAMES = (
    "agentName",
    "llmNodeName",
    "toolNodeName",
    "conditionName",
    "conditionAgentName",
    "customFunctionName",
)
BRANCHING = {"seqCondition", "seqConditionAgent"}


def convert(source: Source, report: Report, known: Known) -> Stage:
    stage = Stage(source, report, known)
    plugs = Plugs(stage)
    team = Team(plugs)
    for node in source.nodes.values():
        if node.kind in NOTES:
            id_ = stage.drawing.note(node.text("note"), node.at, wanted=node.id, colour="yellow")
            stage.became(node, How.NOTE, "", id_)
        elif node.kind == STATE:
            _state(stage, node)
    steps = [id_ for id_, node in source.nodes.items() if node.kind in STEPS or node.kind == LOOP]
    stage.start = next((step for step in steps if source.nodes[step].kind == START), "")
    team.start = source.nodes.get(stage.start)
    stage.named = {
        "question": lambda original, path: stage.question,
        "chat_history": lambda original, path: stage.memory(),
        "$flow.state": lambda original, path: _read(stage, original, path),
        "$flow.output": lambda original, path: team.output(original, path),
        "$vars": lambda original, path: stage.variable(original, path, "workspace") if path else None,
    }
    stage.by_node = lambda original, step, path: _by_node(stage, plugs, original, step)
    order = [edge for edge in source.edges if param_of(edge.target_port) in ORDER]
    links = [
        Link(
            edge.source,
            output_of(edge.source_port) if source.nodes[edge.source].kind in BRANCHING else "",
            edge.target,
        )
        for edge in order
    ]
    backs = [_back(source, source.nodes[step]) for step in steps if source.nodes[step].kind == LOOP]
    for step in steps:
        source.nodes[step].ignore("sequentialNode", "llmNode", "updateStateMemory")
        for name in [name for name in source.nodes[step].inputs if name.startswith("selected")]:
            source.nodes[step].ignore(name)
    ends = stage.draw(steps, links, backs, team.step)
    conclude(stage, ends) if ends else None
    plugs.leave_notes()
    stage.enclose_all()
    return stage


def _state(stage: Stage, node: Original) -> None:
    node.ignore(
        "stateMemory",
        "stateMemoryUI",
        "selectedStateTab",
        *[name for name in node.inputs if name.startswith("selected")],
    )
    for row in rows_of(node.inputs.get("stateMemoryUI")):
        if isinstance(row.get("key"), str) and row["key"]:
            stage.state[row["key"]] = str(row.get("defaultValue") or "")
    names = ", ".join(stage.state) or "none by name"
    told = f"What is remembered in a run ({names}) is kept in variables of the run."
    id_ = stage.drawing.note(f"**{node.label}**\n\n{told}", node.at, wanted=node.id, colour="blue")
    stage.became(node, How.MERGED, told, id_)


def rows_of(text: Any) -> list[dict[str, Any]]:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return []
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _read(stage: Stage, original: Original, path: str) -> Port | None:
    if path == "messages.length":
        return stage.messages_so_far(original)
    name = re.split(r"[.\[]", path)[0]
    if name == "messages":
        return stage.memory()
    if not name:
        return None
    return stage.variable(original, name, stage.state_scope, stage.state.get(name, ""))


def _by_node(stage: Stage, plugs: Plugs, original: Original, step: str) -> Port | None:
    node = stage.source.nodes[step]
    if node.kind in STEPS:
        return stage.said_by(original, step)
    if node.id in plugs.drawn:
        return plugs.drawn[node.id]
    return plugs.alone(node) if plugs.category(node) in {"Utilities", "Document Loaders"} else None


def _back(source: Source, original: Original) -> Back:
    wanted = _plain(original.text("loopToName"))
    original.ignore("loopToName")
    found = next(
        (
            id_
            for id_, node in source.nodes.items()
            if node is not original
            and wanted
            and wanted in {_plain(str(node.inputs.get(name) or "")) for name in NAMES}
        ),
        "",
    )
    return Back(original.id, found, 10)


def _plain(name: str) -> str:
    return re.sub(r"\W|_", "", name).lower()


Made = Mapping[str, Exit]
