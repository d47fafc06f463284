"""Each of Flowise's sequential agents, as nodes of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.flowise import schemas, scripts
from flowbuilder.importing.flowise.branching import NUMERIC, branch, test_of
from flowbuilder.importing.flowise.plugs import Plugs
from flowbuilder.importing.flowise.writing import rows_by_name, written
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How
from flowbuilder.importing.speaking import Asked, messages, speak
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.texts import SINGLE

Made = Mapping[str, Exit]
TOLD = "It is told the question, the conversation before, and what the step before it said; not what every earlier step said."
APPROVED = "A person is asked before the agent works, not before each tool."
TOOL_NODE = "An agent calls the tools; Flowise ran what the model before it had asked for."
UPDATED_BY_SCRIPT = "What it remembered by a script is not remembered here."
RUN_TOOLS = "Call the tools for what was asked, and give what they answered."


class Team:
    """The steps of one flow, and what they share."""

    def __init__(self, plugs: Plugs) -> None:
        self.plugs = plugs
        self.start: Original | None = None
        self.said: dict[str, Port] = {}
        """What a step's own model said, for what it remembers and how it branches."""

    def step(self, stage: Stage, original: Original, before: Exit | None) -> Made:
        return STEPS[original.kind](self, stage, original, before)

    def output(self, original: Original, path: str) -> Port | None:
        said = self.said.get(original.id)
        return self.plugs.stage.part(original, said, path) if said is not None and path else said

    def asked(self, original: Original) -> Asked:
        values = _values(original)
        system = _with(original.text("systemMessagePrompt"), values)
        human = _with(original.text("humanMessagePrompt"), values)
        remembers = bool(self.start and self.plugs.plugged.get((self.start.id, "agentMemory")))
        return Asked([("system", system)], memory=remembers, told=True, user=human)

    def updated(self, stage: Stage, original: Original, said: Port) -> Exit:
        """What it sets in the state is set before anything goes on."""
        control = said
        if original.take("updateStateMemoryCode") and not original.take("updateStateMemoryUI"):
            stage.report.lose(
                original.label, "updateStateMemoryCode", original.inputs["updateStateMemoryCode"]
            )
            stage.report.needs(original.label, UPDATED_BY_SCRIPT)
        for row in _rows(original.take("updateStateMemoryUI")):
            name, text = row.get("key"), str(row.get("value") or "").strip()
            if not isinstance(name, str) or not name:
                continue
            value = stage.value(original, text.strip("{} "))
            if value is None:
                value = Port(
                    stage.add(original, "text.prompt", {"template": text or " "}, label=name, beside=320)
                )
                value = stage.after(original, value, said)
            control = stage.remember(original, name, value)
        return Exit(said, control)


def _values(original: Original) -> dict[str, str]:
    try:
        said = json.loads(str(original.take("promptValues") or "{}"))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}


def _with(text: str, values: Mapping[str, str]) -> str:
    """Names in single braces by what they are, which may name what is wired."""
    return SINGLE.sub(lambda found: found[0][0] if found[1] is None else values.get(found[1], found[0]), text)


def _rows(text: Any) -> list[dict[str, Any]]:
    try:
        found = json.loads(text) if isinstance(text, str) and text else text
    except (ValueError, RecursionError):
        return []
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def start(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    id_ = stage.add(original, "flow.start")
    stage.question = Port(id_)
    for found in team.plugs.of(original, "model", "agentMemory", "state", "inputModeration"):
        team.plugs.take_in(found, original)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(stage.question)}


def agent(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("agentName", "llmNodeName", "approveButtonText", "rejectButtonText", "messageHistory")
    told = [TOLD]
    asking = str(original.take("approvalPrompt"))
    if original.take("interrupt") and before is not None:
        question = asking.replace("{tools}", "its tools")[:2000] or "May this go on?"
        approval = stage.add(original, "flow.approval", {"question": question}, label="approval", beside=-160)
        stage.drawing.wire(stage.gate(original, before), approval, "content")
        before = Exit.of(Port(approval, "content"))
        told.append(APPROVED)
    tools = team.plugs.tools(original)
    schema = schemas.of_text(original.take("llmStructuredOutput")) if original.kind == "seqLLMNode" else None
    if tools and original.kind == "seqLLMNode":
        tools, told = [], [*told, "Its tools are called by the step behind it."]
    steps = str(original.take("maxIterations"))
    model = team.plugs.model(original, team.start)
    most = int(steps) if steps.isdigit() else None
    id_ = speak(
        stage, original, before, team.asked(original), model, tools=tools, schema=schema, most_steps=most
    )
    team.said[original.id] = Port(id_)
    stage.became(original, How.APPROXIMATED, " ".join(told), id_)
    return {"": team.updated(stage, original, Port(id_))}


def tool_node(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("toolNodeName", "approveButtonText", "rejectButtonText")
    if not original.inputs.get("interrupt"):
        original.ignore("approvalPrompt")
    tools = team.plugs.tools(original)
    model = team.plugs.model(original, team.start)
    asked = Asked([("system", RUN_TOOLS)], told=True)
    id_ = speak(stage, original, before, asked, model, tools=tools)
    team.said[original.id] = Port(id_)
    stage.became(original, How.APPROXIMATED, TOOL_NODE, id_)
    return {"": team.updated(stage, original, Port(id_))}


def condition(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("conditionName", "condition")
    rows = _rows(original.take("conditionUI"))
    if not rows:
        return _by_script(stage, original, before)
    if before is not None:
        team.said[original.id] = before.content
    return _branched(team, stage, original, before, rows, {})


def condition_agent(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("conditionAgentName", "condition")
    rows = _rows(original.take("conditionUI"))
    schema = schemas.of_text(original.take("conditionAgentStructuredOutput"))
    if not rows or schema is None:
        return _by_script(stage, original, before)
    model = team.plugs.model(original, team.start)
    prompt = messages(stage, original, before, team.asked(original))
    settings = {**model.settings("temperature"), "json_schema": json.dumps(schema, ensure_ascii=False)}
    asks = stage.add(
        original, "language.remote_structured", settings, label=f"{original.label}: which", beside=-160
    )
    stage.drawing.wire(prompt, asks, "prompt")
    model.tell(stage.report, original.label)
    return _branched(team, stage, original, before, rows, {"$flow.output": Port(asks)})


def _branched(
    team: Team,
    stage: Stage,
    original: Original,
    before: Exit | None,
    rows: list[dict[str, Any]],
    own: Mapping[str, Port],
) -> Made:
    branches, told, ports, paths = [], [], [], []
    for number, row in enumerate(rows[:20], start=1):
        variable, _, path = _variable(str(row.get("variable") or ""), own)
        port = own.get(variable) or stage.value(original, variable)
        if port is None:
            told.append(f"'{row.get('variable')}' has no counterpart here: what came before is compared.")
            port = before.content if before else stage.question
        value, test = str(row.get("value") or ""), test_of(row.get("operation"))
        if test is None or (test in NUMERIC and not _number(value)):
            told.append(
                f"'{row.get('operation')}' cannot be compared here; whether it equals '{value}' is asked."
            )
            test = "equals"
        if port is not None and port not in ports:
            ports.append(port)
        paths.append((ports.index(port) if port is not None else 0, path))
        branches.append(
            {
                "name": f"case_{number}",
                "rules": [{"test": test, "value": value[:10_000], "ignore_case": False}],
            }
        )
    for made, (at, path) in zip(branches, paths, strict=True):
        made["rules"][0]["path"] = ".".join(
            part for part in (f"v{at + 1}" if len(ports) > 1 else "", path) if part
        )
    ways = branch(stage, original, before, branches, ports, told)
    named = {_handle(str(row.get("output") or "")): ways[str(at)] for at, row in enumerate(rows[:20])}
    return {**named, "end": ways[str(len(branches))]}


def _variable(text: str, own: Mapping[str, Port]) -> tuple[str, str, str]:
    for name in own:
        if text.startswith(f"{name}."):
            return name, ".", ".".join(f'"{part}"' for part in text[len(name) + 1 :].split("."))
    return text, "", ""


def _by_script(stage: Stage, original: Original, before: Exit | None) -> Made:
    from flowbuilder.importing.flowise.plugs import output_of

    ways = sorted({output_of(edge.source_port) for edge in stage.source.out_of(original.id)}) or ["end"]
    why = "Its JavaScript cannot run here. Say the same with the rules of a node 'Condition'; the script is kept in the placeholder."
    return stage.placeholder(original, before, why, ways)


def _handle(name: str) -> str:
    """``Software Engineer`` -> ``softwareEngineer``, as Flowise names the output."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return (
        "".join([words[0][0].lower() + words[0][1:], *(word[0].upper() + word[1:] for word in words[1:])])
        if words
        else ""
    )


def _number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def end(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    id_ = stage.add(original, "flow.reply")
    if before is not None:
        stage.drawing.wire(stage.gate(original, before), id_, "content")
    stage.became(original, How.CONVERTED, "", id_)
    return {}


def script(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("customFunctionName")
    said = rows_by_name(original.take("functionInputVariables"))
    given = {f"${name}": partial(written, stage, original, value, None) for name, value in said.items()}
    ways = scripts.step(stage, original, before, original.text("javascriptFunction"), given)
    team.said[original.id] = ways[""].content
    return {"": team.updated(stage, original, ways[""].content)}


def call(team: Team, stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore(
        "seqExecuteFlowName", "overrideConfig", "baseURL", "startNewSessionPerMessage", "returnValueAs"
    )
    chosen = original.text("selectedFlow")
    id_ = stage.add(original, "flow.call", {"flow": stage.known.flows.get(chosen, "")})
    if before is not None:
        stage.drawing.wire(stage.gate(original, before), id_, "question")
    if chosen not in stage.known.flows:
        stage.report.needs(original.label, "Choose the flow that it calls: it is not in this file.")
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_))}


STEPS: dict[str, Callable[[Team, Stage, Original, Exit | None], Made]] = {
    "seqStart": start,
    "seqAgent": agent,
    "seqLLMNode": agent,
    "seqToolNode": tool_node,
    "seqCondition": condition,
    "seqConditionAgent": condition_agent,
    "seqEnd": end,
    "seqCustomFunction": script,
    "seqExecuteFlow": call,
}
