"""Flowise's teams: a supervisor that says which worker goes next, until the work is done."""

from __future__ import annotations

import json

from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.flowise.branching import branch
from flowbuilder.importing.flowise.plugs import Plugs
from flowbuilder.importing.flowise.reading import NOTES
from flowbuilder.importing.flowise.sequential import _by_node
from flowbuilder.importing.flowise.sequential_steps import Team
from flowbuilder.importing.known import Known
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import How, Report
from flowbuilder.importing.rounds import enclose_steps
from flowbuilder.importing.speaking import speak
from flowbuilder.importing.stage import Stage

FINISH = "FINISH"
MOST_ROUNDS = 20
PROMPT = "You are a supervisor of these workers: {team_members}. Say who acts next, with instructions; when the work is done say FINISH."
TOLD = "In each round a model says who acts next and with which instructions, and that worker sees the work so far. Flowise gave every worker all messages."


def convert(source: Source, report: Report, known: Known) -> Stage:
    stage = Stage(source, report, known)
    plugs = Plugs(stage)
    for node in source.nodes.values():
        if node.kind in NOTES:
            id_ = stage.drawing.note(node.text("note"), node.at, wanted=node.id, colour="yellow")
            stage.became(node, How.NOTE, "", id_)
    supervisor = next(node for node in source.nodes.values() if node.kind == "supervisor")
    workers = [node for node in source.nodes.values() if node.kind == "worker"]
    at = (min(node.at[0] for node in source.nodes.values()) - 420, supervisor.at[1])
    stage.question = Port(stage.drawing.node("flow.start", at, wanted="start"))
    stage.named = {
        "question": lambda original, path: stage.question,
        "chat_history": lambda original, path: stage.memory(),
        "$vars": lambda original, path: stage.variable(original, path, "workspace") if path else None,
    }
    stage.by_node = lambda original, step, path: _by_node(stage, plugs, original, step)
    group = _rounds(stage, plugs, supervisor, workers)
    right = max(node.at[0] for node in source.nodes.values())
    reply = stage.drawing.node("flow.reply", (right + 420, supervisor.at[1]), wanted="reply")
    stage.drawing.wire(Port(group, "work"), reply, "content")
    plugs.leave_notes()
    inside = {supervisor.id, *(worker.id for worker in workers)}
    inside |= {node.id for node in source.nodes.values() if plugs.drawn.get(node.id)}
    _enclose(stage, group, inside)
    return stage


def _rounds(stage: Stage, plugs: Plugs, supervisor: Original, workers: list[Original]) -> str:
    supervisor.ignore("supervisorName", "agentMemory", "summarization")
    group = stage.add(supervisor, "flow.repeat", {"until": "done", "rounds": _most(supervisor)})
    stage.drawing.wire(stage.question or Port("start"), group, "work")
    so_far = Port(
        stage.add(supervisor, "flow.group_input", {"name": "work"}, label="work so far", beside=-640)
    )
    names = {worker.id: str(worker.take("workerName") or worker.label) for worker in workers}
    prompt = supervisor.text("supervisorPrompt") or PROMPT
    system = prompt.replace("{team_members}", ", ".join(names.values()))
    asks = stage.add(supervisor, "language.remote_structured", label="who is next", beside=-160)
    told = _asked(stage, supervisor, system, so_far)
    model = plugs.model(supervisor)
    properties = {
        "next": {"enum": [*dict.fromkeys(names.values()), FINISH]},
        "instructions": {"type": "string"},
    }
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    stage.drawing.nodes[asks]["settings"] = {
        **model.settings("temperature"),
        "json_schema": json.dumps(schema, ensure_ascii=False),
    }
    stage.drawing.wire(told, asks, "prompt")
    model.tell(stage.report, supervisor.label)
    choices = [
        {
            "name": f"case_{number}",
            "rules": [{"path": "next", "test": "equals", "value": name, "ignore_case": False}],
        }
        for number, name in enumerate(dict.fromkeys(names.values()), start=1)
    ][:20]
    supervisor_at = supervisor.at
    items = len(stage.report.items)
    inner = Original(
        f"{supervisor.id}_next", supervisor.kind, "Who is next", (supervisor_at[0] + 200, supervisor_at[1])
    )
    stage.drawing.owner[group] = supervisor.id
    ways = branch(stage, inner, Exit(so_far, Port(asks)), choices, [Port(asks)], [])
    del stage.report.items[items:]
    numbers = {name: str(at) for at, name in enumerate(dict.fromkeys(names.values()))}
    results = [
        _worker(stage, plugs, supervisor, worker, ways[numbers[names[worker.id]]], asks)
        for worker in workers
        if numbers[names[worker.id]] in ways
    ]
    joined = stage.add(supervisor, "flow.merge", {"how": "first"}, label="work", beside=640)
    for result in results:
        stage.drawing.wire(result, joined, "values")
    stage.drawing.wire(stage.gate(supervisor, ways[str(len(choices))]), joined, "values")
    out = stage.add(supervisor, "flow.group_output", {"name": "work"}, label="work", beside=800)
    stage.drawing.wire(Port(joined), out, "content")
    said = stage.add(
        supervisor, "text.prompt", {"template": "done {{ value }}"}, label="finished", beside=640
    )
    stage.drawing.wire(ways[str(len(choices))].control, said, "value")
    done = stage.add(supervisor, "flow.group_output", {"name": "done"}, label="done", beside=800)
    stage.drawing.wire(Port(said), done, "content")
    stage.became(supervisor, How.APPROXIMATED, TOLD, group)
    return group


def _asked(stage: Stage, supervisor: Original, system: str, so_far: Port) -> Port:
    rows = [
        {"role": "system", "template": system},
        {"role": "user", "template": "{{ question }}"},
        {
            "role": "user",
            "template": "The work so far:\n{{ work }}\n\nWho acts next, and with which instructions?",
        },
    ]
    id_ = stage.add(supervisor, "language.chat_messages", {"rows": rows}, label="messages", beside=-320)
    stage.drawing.wire(stage.question or Port("start"), id_, "question")
    stage.drawing.wire(so_far, id_, "work")
    return Port(id_)


def _worker(stage: Stage, plugs: Plugs, supervisor: Original, worker: Original, way: Exit, asks: str) -> Port:
    worker.ignore("supervisor", "summarization")
    team = Team(plugs)
    values = dict(worker.inputs)
    worker.inputs = {
        **values,
        "systemMessagePrompt": worker.text("workerPrompt"),
        "humanMessagePrompt": "{{ $instructions }}",
    }
    given = stage.part(worker, Port(asks), "instructions")
    stage.named["$instructions"] = lambda original, path: given
    asked = team.asked(worker)
    worker.inputs = values
    asked.told = True
    plugs.of(worker, "promptValues")
    steps = str(worker.take("maxIterations"))
    id_ = speak(
        stage, worker, way, asked, plugs.model(worker, supervisor), tools=plugs.tools(worker),
        most_steps=int(steps) if steps.isdigit() else None,
    )  # fmt: skip
    stage.became(worker, How.APPROXIMATED, "It is told its instructions and the work so far.", id_)
    return Port(id_)


def _most(supervisor: Original) -> int:
    said = str(supervisor.take("recursionLimit"))
    return max(1, min(MOST_ROUNDS, int(said))) if said.isdigit() else MOST_ROUNDS


def _enclose(stage: Stage, group: str, inside: set[str]) -> None:
    owners = inside | {f"{id_}_next" for id_ in inside}
    enclose_steps(stage, group, owners)
