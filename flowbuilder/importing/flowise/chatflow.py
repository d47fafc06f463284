"""Flowise's chat flows: chains, agents and engines into which models, prompts, memories and tools are plugged."""

from __future__ import annotations

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.flowise.chains import CHAINS
from flowbuilder.importing.flowise.chat import Chat
from flowbuilder.importing.flowise.plugs import Plugs
from flowbuilder.importing.flowise.reading import NOTES
from flowbuilder.importing.known import Known
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import How, Report
from flowbuilder.importing.stage import Stage

START_LEFT = 420


def convert(source: Source, report: Report, known: Known) -> Stage:
    stage = Stage(source, report, known)
    plugs = Plugs(stage)
    for node in source.nodes.values():
        if node.kind in NOTES:
            id_ = stage.drawing.note(node.text("note"), node.at, wanted=node.id, colour="yellow")
            stage.became(node, How.NOTE, "", id_)
    working = [node for node in source.nodes.values() if node.kind not in NOTES]
    begin(stage, working)
    chat = Chat(stage, plugs, CHAINS)
    used = {edge.source for edge in source.edges}
    # What nobody takes in comes first: it takes in others, which then need not answer by themselves.
    for node in sorted(working, key=lambda each: each.id in used):
        if node.kind in CHAINS and node.id not in plugs.taken:
            chat.output(node)
    plugs.leave_notes()
    finish(stage, chat, working)
    return stage


def begin(stage: Stage, working: list[Original]) -> None:
    left = min((node.at[0] for node in working), default=0.0)
    tops = sorted(node.at[1] for node in working)
    at = (left - START_LEFT, tops[len(tops) // 2] if tops else 0.0)
    stage.question = Port(stage.drawing.node("flow.start", at, wanted="start"))


def finish(stage: Stage, chat: Chat, working: list[Original]) -> None:
    """What nobody takes in is the answer."""
    used = {edge.source for edge in stage.source.edges}
    ends = [node for node in working if node.kind in CHAINS and node.id not in used]
    ends = ends or [node for node in working if node.id in chat.outputs][-1:]
    ports = [chat.outputs[node.id] for node in ends] + chat.instead
    if not ports:
        lonely = [node for node in working if node.id in chat.plugs.drawn and node.id not in used]
        ports = [chat.plugs.drawn[node.id] for node in lonely if chat.plugs.drawn[node.id].name != "tool"]
    if not ports:
        return
    right = max(node["position"]["x"] for node in stage.drawing.nodes.values())
    beside = stage.drawing.nodes[ports[0].node]["position"]["y"]
    reply = stage.drawing.node("flow.reply", (right + 420, beside), wanted="reply")
    if len(ports) > 1:
        joined = stage.drawing.node(
            "flow.merge", (right + 120, beside), wanted="answers", settings={"how": "text"}
        )
        for port in ports:
            stage.drawing.wire(port, joined, "values")
        ports = [Port(joined)]
    stage.drawing.wire(ports[0], reply, "content")
