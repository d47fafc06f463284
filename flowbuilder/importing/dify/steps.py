"""Each of Dify's nodes, as nodes of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flowbuilder.importing.dify.agents import agent, model_from, tool
from flowbuilder.importing.dify.asking_others import http
from flowbuilder.importing.dify.deciding import if_else
from flowbuilder.importing.dify.loops import CHECK, assigner, check, iteration, leave, loop
from flowbuilder.importing.dify.selecting import Made, selected
from flowbuilder.importing.dify.writing import code, document, template
from flowbuilder.importing.drawing import Exit, Port, port_name
from flowbuilder.importing.flowise.branching import chosen
from flowbuilder.importing.flowise.schemas import TYPES
from flowbuilder.importing.original import Original, mapping, text_in, whole_in
from flowbuilder.importing.report import How
from flowbuilder.importing.speaking import Asked, speak
from flowbuilder.importing.stage import Stage


def start(stage: Stage, original: Original, before: Exit | None) -> Made:
    kinds = {"paragraph": "long_text", "number": "number", "select": "choice", "checkbox": "yes_no"}
    fields: list[dict[str, Any]] = []
    for row in original.rows("variables")[:48]:
        name = port_name(text_in(row.get("variable")), "field")[:40]
        kind = kinds.get(text_in(row.get("type")), "text")
        made: dict[str, Any] = {
            "kind": kind,
            "name": name,
            "label": text_in(row.get("label")),
            "required": bool(row.get("required")),
        }
        options = row.get("options")
        if kind == "choice":
            names = list(dict.fromkeys(str(each) for each in options)) if isinstance(options, list) else []
            made |= {"choices": names} if names else {"kind": "text"}
        if name not in [field["name"] for field in fields]:
            fields.append(made)
        if text_in(row.get("type")).startswith("file"):
            stage.report.needs(original.label, f"'{name}' was a file; here it is a text.")
    asks = any(
        "sys.query" in str(node.inputs) or "'sys', 'query'" in str(node.inputs)
        for node in stage.source.nodes.values()
    )
    if not fields:
        id_ = stage.add(original, "flow.start")
        stage.question = Port(id_)
    else:
        if asks and "question" not in [field["name"] for field in fields]:
            fields.insert(0, {"kind": "long_text", "name": "question", "label": "Question"})
        id_ = stage.add(original, "flow.form", {"fields": fields})
        stage.question = Port(id_, fields[0]["name"])
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(stage.question)}


def llm(stage: Stage, original: Original, before: Exit | None) -> Made:
    said = original.take("prompt_template", [])
    rows = [row for row in said if isinstance(row, dict)] if isinstance(said, list) else [mapping(said)]
    memory = mapping(original.take("memory", {}))
    original.ignore("variables", "structured_output_enabled", "prompt_config", "retry_config")
    texts = [(text_in(row.get("role"), "user"), text_in(row.get("text"), most=200_000)) for row in rows]
    user = text_in(memory.get("query_prompt_template"), most=50_000) or ("{{#sys.query#}}" if memory else "")
    asked = Asked(
        texts,
        memory=bool(memory),
        user=user if not any("sys.query" in text for role, text in texts if role == "user") else "",
    )
    schema = (
        mapping(mapping(original.take("structured_output", {})).get("schema"))
        if original.inputs.get("structured_output_enabled")
        else None
    )
    id_ = speak(stage, original, before, asked, model_from(original.take("model", {})), schema=schema or None)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_))}


def answer(stage: Stage, original: Original, before: Exit | None) -> Made:
    return _text(stage, original, before, original.text("answer"))


def end(stage: Stage, original: Original, before: Exit | None) -> Made:
    rows = original.rows("outputs")
    lines = [
        f"{{{{#{'.'.join(map(str, row['value_selector']))}#}}}}"
        for row in rows
        if isinstance(row.get("value_selector"), list)
    ]
    if len(lines) > 1:
        lines = [f"{text_in(row.get('variable'))}: {line}" for row, line in zip(rows, lines, strict=False)]
    if not lines and before is not None:
        id_ = stage.add(original, "flow.merge", {"how": "text"})
        stage.drawing.wire(stage.gate(original, before), id_, "values")
        stage.became(original, How.CONVERTED, "", id_)
        return {"": Exit.of(Port(id_))}
    return _text(stage, original, before, "\n".join(lines))


def _text(stage: Stage, original: Original, before: Exit | None, text: str) -> Made:
    template, ports = stage.fill(original, text)
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    id_ = stage.add(original, "text.prompt", {"template": template or " "})
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    stage.became(original, How.CONVERTED, "", id_)
    said = Port(id_) if ports else stage.held(original, Port(id_), before)
    return {"": Exit.of(said)}


def retrieval(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("retrieval_mode", "single_retrieval_config", "metadata_filtering_mode", "dataset_ids")
    many = mapping(original.take("multiple_retrieval_config", {}))
    limit = whole_in(many.get("top_k"), 1, 50)
    id_ = stage.add(original, "knowledge.retrieve", {"limit": limit} if limit else {})
    path = original.take("query_variable_selector", [])
    query = selected(stage, original, path) if isinstance(path, list) else None
    text = stage.add(original, "text.prompt", {"template": "{{ query }}"}, label="query", beside=-160)
    if source := query or stage.question:
        stage.drawing.wire(stage.held(original, source, before), text, "query")
    stage.drawing.wire(Port(text), id_, "question")
    stage.report.needs(
        original.label, "Put the documents of Dify's datasets into a knowledge base, and choose it ('base')."
    )
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_))}


def classifier(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("topics", "memory")
    classes = [row for row in original.rows("classes") if text_in(row.get("name"))]
    path = original.take("query_variable_selector", [])
    text = f"{{{{#{'.'.join(map(str, path))}#}}}}" if isinstance(path, list) and path else "{{#sys.query#}}"
    names = [text_in(row.get("name"), most=500) for row in classes]
    model = model_from(original.take("model", {}))
    instructions = text_in(original.take("instruction"), most=50_000) or text_in(
        original.take("instructions"), most=50_000
    )
    ways = chosen(stage, original, before, names, model, instructions, text)
    distinct = list(dict.fromkeys(names))[:20]
    named = {
        text_in(row.get("id")): ways[str(distinct.index(name))]
        for row, name in zip(classes, names, strict=True)
        if name in distinct
    }
    return named or dict(ways)


def aggregator(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("output_type", "advanced_settings")
    id_ = stage.add(original, "flow.merge", {"how": "first"})
    paths = original.take("variables", [])
    ports = []
    for path in paths if isinstance(paths, list) else []:
        step = str(path[0]) if isinstance(path, list) and path else ""
        ways = stage.exits.get(step)
        # Straight from the branch: a blank in place of what was not taken would be the first that is there.
        ports += [next(iter(ways.values())).content] if ways else []
    if not ports and before is not None:
        ports = [before.content]
    for port in ports:
        stage.drawing.wire(port, id_, "values")
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_))}


def extractor(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("reasoning_mode", "variables", "memory")
    fields = {
        text_in(row.get("name")): {
            "type": TYPES.get(text_in(row.get("type")), "string"),
            "description": text_in(row.get("description"), most=1000),
        }
        for row in original.rows("parameters")
        if text_in(row.get("name"))
    }
    path = original.take("query", [])
    text = f"{{{{#{'.'.join(map(str, path))}#}}}}" if isinstance(path, list) and path else "{{#sys.query#}}"
    asked = Asked([("system", text_in(original.take("instruction"), most=50_000))], user=text)
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    id_ = speak(stage, original, before, asked, model_from(original.take("model", {})), schema=schema)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_))}


STEPS: dict[str, Callable[[Stage, Original, Exit | None], Made]] = {
    "start": start,
    "llm": llm,
    "answer": answer,
    "end": end,
    "knowledge-retrieval": retrieval,
    "if-else": if_else,
    "question-classifier": classifier,
    "code": code,
    "template-transform": template,
    "variable-aggregator": aggregator,
    "variable-assigner": aggregator,
    "parameter-extractor": extractor,
    "iteration": iteration,
    "loop": loop,
    "loop-end": leave,
    CHECK: check,
    "agent": agent,
    "document-extractor": document,
    "http-request": http,
    "assigner": assigner,
    "tool": tool,
}
