"""A Dify app as a graph of ours and a report: a workflow, a chat with one, or a plain chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.importing.dify.agents import model_from, offered
from flowbuilder.importing.dify.loops import CHECK, with_checks
from flowbuilder.importing.dify.reading import NOTE, read
from flowbuilder.importing.dify.selecting import selected
from flowbuilder.importing.dify.steps import STEPS
from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.finishing import finished
from flowbuilder.importing.flowise.agentflow_steps import conclude
from flowbuilder.importing.known import Known
from flowbuilder.importing.order import Link
from flowbuilder.importing.original import Original, Source, mapping, text_in
from flowbuilder.importing.report import How, Item, Report
from flowbuilder.importing.speaking import Asked, speak
from flowbuilder.importing.stage import Stage

UNKNOWN = "Dify's node has no counterpart here. Put nodes in its place that do the same."
SILENT = {"iteration-start", "loop-start"}
BEGINS = "Where a group begins is its Group input here."
CHAT = {"chat", "agent-chat", "completion"}


def is_app(data: Any) -> bool:
    return (
        isinstance(data, dict)
        and isinstance(data.get("app"), dict)
        and ("workflow" in data or "model_config" in data)
    )


def name_of(data: dict[str, Any]) -> str:
    return text_in(mapping(data.get("app")).get("name")).strip()


def convert(data: dict[str, Any], known: Known | None = None) -> tuple[Graph, Report]:
    """Errors: ``Unreadable``."""
    report = Report("Dify")
    mode = text_in(mapping(data.get("app")).get("mode"))
    if mode in CHAT or "workflow" not in data:
        return _plain_chat(data, report)
    source = read(data)
    for start, end, why in source.strange:
        report.dropped.append({"source": start, "target": end, "why": why})
    stage = Stage(source, report, known)
    stage.state_scope = "session"
    workflow = mapping(data.get("workflow"))
    for row in _rows(workflow.get("conversation_variables")):
        stage.state[text_in(row.get("name"))] = text_in(row.get("value"))
    for row in _rows(workflow.get("environment_variables")):
        name = text_in(row.get("name"))
        if row.get("value_type") == "secret":
            report.secrets.append({"node": "", "what": f"The variable '{name}'"})
        else:
            report.needs("", f"Set the workspace's variable '{name}'; it was '{text_in(row.get('value'))}'.")
    stage.expression = lambda original, expression: _value(stage, original, expression)
    for node in source.nodes.values():
        if node.kind == NOTE:
            id_ = stage.drawing.note(node.text("text"), node.at, wanted=node.id, colour="yellow")
            node.ignore(*node.inputs)
            stage.became(node, How.NOTE, "", id_)
    silent = {id_ for id_, node in source.nodes.items() if node.kind in SILENT}
    for id_ in silent:
        node = source.nodes[id_]
        report.items.append(Item(id_, node.kind, node.label, How.MERGED, [], BEGINS))
    stage.loops = with_checks(source)
    steps = [id_ for id_, node in source.nodes.items() if node.kind != NOTE and id_ not in silent]
    stage.start = next((step for step in steps if source.nodes[step].kind == "start"), "")
    links = [
        Link(edge.source, _branch(source, edge.source, edge.source_port), edge.target)
        for edge in source.edges
        if edge.source not in silent
    ]
    links += _to_checks(source, steps, links)
    iterations = {step for step in steps if source.nodes[step].kind in {"iteration", "loop"}}
    ends = stage.draw(steps, links, [], _step, iterations)
    conclude(stage, ends)
    stage.enclose_all()
    return finished(stage.drawing, report), report


def _to_checks(source: Source, steps: list[str], links: list[Link]) -> list[Link]:
    """From every end of a loop's body to what decides whether it goes round again."""
    goes_on = {(link.source, link.branch) for link in links}
    checks = {source.nodes[step].parent: step for step in steps if source.nodes[step].kind == CHECK}
    return [
        Link(step, branch, checks[source.nodes[step].parent])
        for step in steps
        if source.nodes[step].parent in checks and source.nodes[step].kind != CHECK
        for branch in _branches(source, step)
        if (step, branch) not in goes_on
    ]


def _branches(source: Source, step: str) -> set[str]:
    node = source.nodes[step]
    if node.kind == "if-else":
        return {text_in(case.get("case_id")) for case in node.rows("cases")} | {"false"}
    if node.kind == "question-classifier":
        return {text_in(row.get("id")) for row in node.rows("classes")}
    return {""}


def _step(stage: Stage, original: Original, before: Exit | None) -> Mapping[str, Exit]:
    if original.kind in STEPS:
        return STEPS[original.kind](stage, original, before)
    branches = sorted(
        {_branch(stage.source, original.id, edge.source_port) for edge in stage.source.out_of(original.id)}
    )
    return stage.placeholder(original, before, UNKNOWN, branches or [""])


def _branch(source: Source, step: str, handle: str) -> str:
    branching = {"if-else", "question-classifier", "human-input"}
    return handle if source.nodes[step].kind in branching or handle == "fail-branch" else ""


def _value(stage: Stage, original: Original, expression: str) -> Port | None:
    """``#node.variable#``."""
    if not (expression.startswith("#") and expression.endswith("#")):
        return None
    return selected(stage, original, expression.strip("#").split("."))


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _plain_chat(data: dict[str, Any], report: Report) -> tuple[Graph, Report]:
    """An app without a graph: instructions, a model, and what it searches."""
    config = mapping(data.get("model_config"))
    at = (0.0, 0.0)
    original = Original("model", text_in(mapping(data.get("app")).get("mode")) or "chat", "Model", at, config)
    original.ignore("file_upload", "model", "user_input_form", "opening_statement", "suggested_questions")
    stage = Stage(Source({"model": original}, []), report)
    stage.question = Port(stage.drawing.node("flow.start", (-700.0, 0.0), wanted="start"))
    names = [
        text_in(held.get("variable"))
        for row in _rows(config.get("user_input_form"))
        for held in row.values()
        if isinstance(held, dict)
    ]
    for name in names:
        report.needs(
            "Model",
            f"'{name}' was asked for in a form; here its place in the instructions is filled by hand.",
        )
    system = original.text("pre_prompt")
    ports: list[Port] = []
    for tool in _rows(mapping(config.get("agent_mode")).get("tools")):
        if text_in(tool.get("tool_name")):
            ports.append(offered(stage, original, tool))
    original.ignore("agent_mode", "pre_prompt", "dataset_configs", "datasets")
    if mapping(mapping(config.get("dataset_configs")).get("datasets")).get("datasets"):
        report.needs(
            "Model",
            "It searched datasets: put their documents into a knowledge base, and wire 'Retrieve' to its prompt.",
        )
    asked = Asked(
        [("system", system.replace("{{", "{ ").replace("}}", " }"))], memory=original.kind != "completion"
    )
    id_ = speak(stage, original, None, asked, model_from(config.get("model")), tools=ports)
    stage.became(original, How.CONVERTED, "", id_)
    conclude(stage, [Exit.of(Port(id_))])
    return finished(stage.drawing, report), report
