"""Each step of Flowise's agent flows of the second kind, as nodes of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flowbuilder.importing.drawing import Exit, Port, port_name
from flowbuilder.importing.flowise import schemas, scripts
from flowbuilder.importing.flowise.asking_tools import knowledge_settings, store_of, tools_of
from flowbuilder.importing.flowise.branching import condition, condition_agent
from flowbuilder.importing.flowise.calling import called_tool
from flowbuilder.importing.flowise.writing import written
from flowbuilder.importing.original import Original, mapping
from flowbuilder.importing.providers import model_of
from flowbuilder.importing.report import How
from flowbuilder.importing.signing import headers_of
from flowbuilder.importing.speaking import Asked, speak
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.texts import MENTION, plain

Made = Mapping[str, Exit]
MEMORY = "It is told the question, what was said before in the conversation, and what the step before it said; not what every earlier step said."
FIELDS = {"string": "text", "number": "number", "boolean": "yes_no", "options": "choice", "select": "choice"}


def start(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("startEphemeralMemory", "formTitle")
    for row in original.rows("startState"):
        if isinstance(row.get("key"), str):
            stage.state[row["key"]] = plain(str(row.get("value") or ""))
    if original.take("startPersistState"):
        stage.state_scope = "session"
    if original.take("startInputType") == "formInput":
        return _form(stage, original)
    original.ignore("formDescription", "formInputTypes")
    id_ = stage.add(original, "flow.start")
    stage.question = Port(id_)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(stage.question)}


def _form(stage: Stage, original: Original) -> Made:
    fields: list[dict[str, Any]] = []
    for row in original.rows("formInputTypes"):
        name = port_name(str(row.get("name") or row.get("label") or ""), "field")[:40]
        if any(field["name"] == name for field in fields):
            continue
        kind = FIELDS.get(str(row.get("type")), "text")
        made: dict[str, Any] = {"kind": kind, "name": name, "label": str(row.get("label") or "")[:200]}
        if kind == "choice":
            options = row.get("addOptions")
            names = (
                [str(each.get("option")) for each in options if isinstance(each, dict)]
                if isinstance(options, list)
                else []
            )
            made |= {"choices": list(dict.fromkeys(names))} if names else {"kind": "text"}
        fields.append(made)
    settings = {"intro": plain(original.text("formDescription"))[:500], "fields": fields[:50]}
    id_ = stage.add(original, "flow.form", settings if fields else {})
    stage.question = Port(id_, fields[0]["name"] if fields else "subject")
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(stage.question)}


def asks(prefix: str) -> Callable[[Stage, Original, Exit | None], Made]:
    """Of 'LLM' and 'Agent', whose settings differ in how their names begin."""

    def made(stage: Stage, original: Original, before: Exit | None) -> Made:
        rows = [
            (str(row.get("role", "user")), plain(str(row.get("content") or "")))
            for row in original.rows(f"{prefix}Messages")
        ]
        asked = Asked(
            rows,
            memory=bool(original.take(f"{prefix}EnableMemory", False)),
            user=plain(original.text(f"{prefix}UserMessage")),
        )
        if original.take(f"{prefix}ReturnResponseAs") == "assistantMessage":
            asked.before_as = "user"
        original.ignore(f"{prefix}MemoryType", f"{prefix}MemoryWindowSize", f"{prefix}MemoryMaxTokenLimit")
        model = model_of(original.text(f"{prefix}Model"), mapping(original.take(f"{prefix}ModelConfig", {})))
        tools, told = tools_of(stage, original) if prefix == "agent" else ([], [])
        schema = schemas.of_rows(original.rows(f"{prefix}StructuredOutput"))
        if schema and tools:
            told.append(
                "An agent with tools answers in words here; the fields that it had to fill are in the report."
            )
            stage.report.lose(
                original.label, f"{prefix}StructuredOutput", original.inputs.get(f"{prefix}StructuredOutput")
            )
            schema = None
        id_ = speak(stage, original, before, asked, model, tools=tools, schema=schema)
        if asked.memory:
            told.insert(0, MEMORY)
        stage.became(original, How.APPROXIMATED if told else How.CONVERTED, " ".join(told), id_)
        return {"": _updated(stage, original, Port(id_), original.rows(f"{prefix}UpdateState"))}

    return made


def _updated(stage: Stage, original: Original, said: Port, rows: list[dict[str, Any]]) -> Exit:
    """What it sets is set before anything goes on."""
    control = said
    for row in rows:
        name, text = row.get("key"), plain(str(row.get("value") or "")).strip()
        if not isinstance(name, str) or not name:
            continue
        found = MENTION.fullmatch(text)
        if found and found[1].strip().partition(".")[0] == "output":
            value = stage.part(original, said, found[1].strip())
        else:
            value = stage.held(original, written(stage, original, text, None), Exit.of(said))
        control = stage.remember(original, name, value)
    return Exit(said, control)


def direct_reply(stage: Stage, original: Original, before: Exit | None) -> Made:
    template, ports = stage.fill(original, plain(original.text("directReplyMessage")))
    if before is not None and ports and before.control not in ports.values():
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    id_ = stage.add(original, "text.prompt", {"template": template or " "})
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    said = Port(id_)
    if not ports and before is not None:
        said = stage.held(original, said, before)
    stage.became(original, How.CONVERTED, "", *dict.fromkeys((id_, said.node)))
    return {"": Exit.of(said)}


def human_input(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore(
        "humanInputEnableFeedback", "humanInputModel", "humanInputModelConfig", "humanInputDescriptionType"
    )
    question = plain(original.text("humanInputDescription") or original.text("humanInputModelPrompt"))
    told = []
    if MENTION.search(question) or original.inputs.get("humanInputDescriptionType") == "dynamic":
        told.append("The question is fixed here; what it is about stands below it.")
    id_ = stage.add(original, "flow.approval", {"question": (question or "May this go on?")[:2000]})
    if before:
        stage.drawing.wire(stage.gate(original, before), id_, "content")
    stage.became(original, How.APPROXIMATED if told else How.CONVERTED, " ".join(told), id_)
    return {
        "0": Exit.of(Port(id_, "content")),
        "1": Exit(Port(id_, "decision"), Port(id_, "refused")),
        "": Exit.of(Port(id_, "content")),
    }


def iteration(stage: Stage, original: Original, before: Exit | None) -> Made:
    group = stage.each[original.id]
    items = written(stage, original, plain(original.text("iterationInput")), before)
    stage.drawing.wire(items, group, "items")
    stage.became(original, How.CONVERTED, "", group)
    return {"": Exit.of(Port(group, "result"))}


def retriever(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("outputFormat")
    query = written(stage, original, plain(original.text("retrieverQuery")) or "{{ question }}", before)
    stores = [store_of(row) for row in original.rows("retrieverKnowledgeDocumentStores")]
    id_ = stage.add(original, "knowledge.retrieve", knowledge_settings(stage, original, stores))
    # The query may be of any kind where a variable holds it.
    text = stage.add(original, "text.prompt", {"template": "{{ query }}"}, label="query", beside=-160)
    stage.drawing.wire(query, text, "query")
    stage.drawing.wire(Port(text), id_, "question")
    stage.became(original, How.CONVERTED, "", id_)
    return {"": _updated(stage, original, Port(id_), original.rows("retrieverUpdateState"))}


def http(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("responseType")
    url, ports = stage.fill(original, plain(original.text("url")))
    headers, auth = headers_of(original.take("headers", []))
    query = []
    for row in original.rows("queryParams"):
        value, found = stage.fill(original, plain(str(row.get("value") or "")))
        ports |= found
        if name := str(row.get("key") or "").strip():
            query.append({"name": name, "value": value})
    kind = {"json": "json", "raw": "text", "formData": "form", "xWwwFormUrlencoded": "form"}
    body_type = kind.get(original.text("bodyType"), "none")
    body, found = stage.fill(original, plain(original.text("body")))
    ports |= found if body_type != "none" else {}
    method = original.text("method").upper()
    settings = {
        "method": method if method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} else "GET",
        "url": url[:4000],
        "query": [pair for pair in query if pair["name"].isascii() and " " not in pair["name"]][:50],
        "headers": headers,
        "body_type": body_type,
        "body": body,
        **auth,
    }
    id_ = stage.add(original, "tools.http_request", settings)
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    if auth:
        stage.report.secrets.append({"node": original.label, "what": "What its headers signed in with"})
    if not url:
        stage.report.needs(original.label, "Write the address that it asks ('url').")
    said = Port(id_, "text")
    if ports or before is None:
        stage.became(original, How.CONVERTED, "", id_)
    else:
        why = "Nothing is wired into it, so it asks as soon as the flow runs; what it answered goes on in its turn."
        said = stage.held(original, said, before)
        stage.became(original, How.APPROXIMATED, why, *dict.fromkeys((id_, said.node)))
    return {"": Exit.of(said)}


def script(stage: Stage, original: Original, before: Exit | None) -> Made:
    given: dict[str, Callable[[], Port]] = {}
    for row in original.rows("customFunctionInputVariables"):
        name, value = str(row.get("variableName") or ""), plain(str(row.get("variableValue") or ""))
        given[f"${name}"] = partial(written, stage, original, value, None)
    ways = scripts.step(stage, original, before, original.text("customFunctionJavascriptFunction"), given)
    rows = original.rows("customFunctionUpdateState")
    return {"": _updated(stage, original, ways[""].content, rows)} if rows else ways


def call(stage: Stage, original: Original, before: Exit | None) -> Made:
    chosen = original.text("executeFlowSelectedFlow")
    original.ignore("executeFlowReturnResponseAs")
    text = written(stage, original, plain(original.text("executeFlowInput")) or "{{ question }}", before)
    id_ = stage.add(original, "flow.call", {"flow": stage.known.flows.get(chosen, "")})
    stage.drawing.wire(text, id_, "question")
    if chosen not in stage.known.flows:
        stage.report.needs(original.label, "Choose the flow that it calls: it is not in this file.")
    stage.became(original, How.CONVERTED, "", id_)
    return {"": _updated(stage, original, Port(id_), original.rows("executeFlowUpdateState"))}


def conclude(stage: Stage, ends: list[Exit]) -> None:
    """What is said last is the reply."""
    ends = list(dict.fromkeys(ends))
    if not ends or not stage.source.nodes:
        return
    right = max((node["position"]["x"] for node in stage.drawing.nodes.values()), default=0)
    last = (
        stage.drawing.nodes[ends[0].content.node]["position"]
        if ends[0].content.node in stage.drawing.nodes
        else {}
    )
    at = (right + 360, last.get("y", 0))
    reply = stage.drawing.node("flow.reply", at, wanted="reply", label="")
    stage.report.added.append(reply)
    ports = [_as_it_goes(stage, way, at) for way in ends]
    if len(ports) == 1:
        stage.drawing.wire(ports[0], reply, "content")
        return
    joined = stage.drawing.node(
        "flow.merge", (at[0] - 300, at[1]), wanted="answers", settings={"how": "text"}
    )
    stage.report.added.append(joined)
    for port in ports:
        stage.drawing.wire(port, joined, "values")
    stage.drawing.wire(Port(joined), reply, "content")


def _as_it_goes(stage: Stage, way: Exit, at: tuple[float, float]) -> Port:
    if way.content == way.control:
        return way.content
    id_ = stage.drawing.node("flow.after", stage.drawing.beside(at, -600), wanted="after_all")
    stage.report.added.append(id_)
    stage.drawing.wire(way.content, id_, "value")
    stage.drawing.wire(way.control, id_, "after")
    return Port(id_)


STEPS: dict[str, Callable[[Stage, Original, Exit | None], Made]] = {
    "startAgentflow": start,
    "llmAgentflow": asks("llm"),
    "agentAgentflow": asks("agent"),
    "conditionAgentflow": condition,
    "conditionAgentAgentflow": condition_agent,
    "directReplyAgentflow": direct_reply,
    "humanInputAgentflow": human_input,
    "iterationAgentflow": iteration,
    "retrieverAgentflow": retriever,
    "httpAgentflow": http,
    "customFunctionAgentflow": script,
    "toolAgentflow": called_tool,
    "executeFlowAgentflow": call,
}
