"""Each of Dify's nodes, as nodes of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flowbuilder.importing.drawing import Exit, Port, port_name
from flowbuilder.importing.flowise.branching import NUMERIC, branch, chosen
from flowbuilder.importing.flowise.schemas import TYPES
from flowbuilder.importing.original import Original, mapping, text_in
from flowbuilder.importing.providers import ModelSettings, model_of
from flowbuilder.importing.report import How
from flowbuilder.importing.speaking import Asked, speak
from flowbuilder.importing.stage import Stage

Made = Mapping[str, Exit]
TESTS = {
    "contains": "contains", "not contains": "lacks", "start with": "starts with", "end with": "ends with", "is": "equals",
    "is not": "differs", "empty": "empty", "not empty": "not empty", "=": "equals", "≠": "differs", ">": "more than",
    "<": "less than", "≥": "at least", "≤": "at most", "in": "one of", "null": "empty", "not null": "not empty",
    "exists": "not empty", "not exists": "empty",
}  # fmt: skip
WHOLE = {"text", "result", "output", "body", "answer", "data", "class_name", "structured_output"}
"""Names under which a step gives what it is for."""
JINJA = re.compile(r"\{%|\{#|\{\{[^{}]*[|.\[(][^{}]*\}\}")
CODE = "It runs in our sandbox: without packages, files or network."


def selected(stage: Stage, original: Original, path: list[str]) -> Port | None:
    """What a selector ``[node, variable, ...]`` points at."""
    path = [str(part) for part in path]
    if not path:
        return None
    head, rest = path[0], path[1:]
    if head == "sys":
        return stage.question if rest[:1] == ["query"] else None
    if head == "env":
        return stage.variable(original, ".".join(rest), "workspace") if rest else None
    if head == "conversation":
        return stage.variable(original, rest[0], "session", stage.state.get(rest[0], "")) if rest else None
    if head == "context":
        return _context(stage, original)
    if head in stage.items and rest[:1] == ["item"] and _inside(stage, original, head):
        return stage.part(original, stage.items[head], ".".join(rest[1:]))
    if head not in stage.source.nodes:
        return None
    if head == stage.start:
        return _field(stage, rest)
    found = stage.said_by(original, head)
    if found is None or not rest or (len(rest) == 1 and rest[0] in WHOLE):
        return found
    return stage.part(original, found, ".".join(rest[1:] if rest[0] in WHOLE - {"data"} else rest))


def _inside(stage: Stage, original: Original, iteration: str) -> bool:
    return original.parent == iteration


def _field(stage: Stage, rest: list[str]) -> Port | None:
    """Of the form that a run begins with."""
    node = stage.drawing.nodes[stage.question.node] if stage.question else None
    if node is None or node["type"] != "flow.form" or not rest:
        return stage.question
    names = [row["name"] for row in node["settings"]["fields"]]
    name = port_name(rest[0], "field")[:40]
    return Port(node["id"], name) if name in names else None


def _context(stage: Stage, original: Original) -> Port | None:
    context = mapping(original.take("context", {}))
    path = context.get("variable_selector")
    return selected(stage, original, path) if isinstance(path, list) and path else None


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


def model_from(value: Any) -> ModelSettings:
    model = mapping(value)
    provider = text_in(model.get("provider")).rpartition("/")[2] or "a model"
    return model_of(
        provider, {"modelName": text_in(model.get("name")), **mapping(model.get("completion_params"))}
    )


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
    limit = many.get("top_k")
    settings = (
        {"limit": max(1, min(50, limit))} if isinstance(limit, int) and not isinstance(limit, bool) else {}
    )
    id_ = stage.add(original, "knowledge.retrieve", settings)
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


def if_else(stage: Stage, original: Original, before: Exit | None) -> Made:
    cases = original.rows("cases")
    if not cases:
        cases = [
            {
                "case_id": "true",
                "logical_operator": original.take("logical_operator"),
                "conditions": original.take("conditions", []),
            }
        ]
    original.ignore("conditions", "logical_operator")
    ports: list[Port] = []
    branches, told = [], []
    found: list[list[tuple[Port | None, dict[str, Any]]]] = []
    for case in cases[:20]:
        rules = []
        conditions = case.get("conditions")
        for row in (
            [each for each in conditions if isinstance(each, dict)] if isinstance(conditions, list) else []
        ):
            path = row.get("variable_selector")
            port = selected(stage, original, path) if isinstance(path, list) else None
            if port is not None and port not in ports:
                ports.append(port)
            value, test = (
                text_in(row.get("value"), most=10_000),
                TESTS.get(text_in(row.get("comparison_operator"))),
            )
            if test is None or (test in NUMERIC and not re.fullmatch(r"-?\d+(\.\d+)?", value)):
                told.append(
                    f"'{row.get('comparison_operator')}' cannot be compared here; whether it equals '{value}' is asked."
                )
                test = "equals"
            rules.append((port, {"test": test, "value": value, "ignore_case": False}))
        found.append(rules[:20])
    for number, (case, rules) in enumerate(zip(cases, found, strict=False), start=1):
        made = []
        for port, rule in rules:
            at = f"v{ports.index(port) + 1}" if port in ports and len(ports) > 1 else ""
            made.append({**rule, "path": at})
        needs = "any" if case.get("logical_operator") == "or" else "all"
        branches.append({"name": f"case_{number}", "needs": needs, "rules": made or [{"test": "not empty"}]})
    ways = branch(stage, original, before, branches, ports[:20], told)
    named = {
        text_in(case.get("case_id")) or text_in(case.get("id")) or "true": ways[str(at)]
        for at, case in enumerate(cases[:20])
    }
    return {**named, "false": ways[str(len(branches))]}


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


def code(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("outputs")
    written = original.text("code")
    if original.take("code_language") not in {"python3", ""}:
        why = "Its JavaScript cannot run here. Write the same in Python in a node 'Code'; the script is kept in the placeholder."
        return stage.placeholder(original, before, why, [""])
    ports = _variables(stage, original)
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    called = ", ".join(f"{name}={name}" for name in ports)
    settings = {"names": list(ports)[:20], "code": f"{written.rstrip()}\n\nmain({called})"}
    id_ = stage.add(original, "tools.code", settings)
    for name, port in list(ports.items())[:20]:
        stage.drawing.wire(port, id_, name)
    stage.became(original, How.APPROXIMATED, CODE, id_)
    return {"": Exit.of(Port(id_, "data"))}


def _variables(stage: Stage, original: Original) -> dict[str, Port]:
    found: dict[str, Port] = {}
    for row in original.rows("variables"):
        path = row.get("value_selector")
        port = selected(stage, original, path) if isinstance(path, list) else None
        if port is not None:
            found[port_name(text_in(row.get("variable")))[:40]] = port
        else:
            stage.report.needs(
                original.label,
                f"Wire its input '{text_in(row.get('variable'))}': what it was has no counterpart.",
            )
    return found


def template(stage: Stage, original: Original, before: Exit | None) -> Made:
    text = original.text("template")
    if JINJA.search(text):
        why = "Its Jinja template has loops, conditions or filters, which a prompt here has not. The template is kept in the placeholder."
        return stage.placeholder(original, before, why, [""])
    ports = _variables(stage, original)
    said = re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: f"{{{{ {port_name(found[1])} }}}}", text)
    used = [name for name in ports if f"{{{{ {name} }}}}" in said]
    if before is not None and used:
        ports[used[0]] = stage.held(original, ports[used[0]], before)
    id_ = stage.add(original, "text.prompt", {"template": said or " "})
    for name in used:
        stage.drawing.wire(ports[name], id_, name)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_) if used else stage.held(original, Port(id_), before))}


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


def iteration(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore(
        "output_selector",
        "output_type",
        "iterator_input_type",
        "error_handle_mode",
        "is_parallel",
        "flatten_output",
    )
    group = stage.each[original.id]
    count = original.take("parallel_nums")
    if original.inputs.get("is_parallel") and isinstance(count, int):
        stage.drawing.nodes[group]["settings"]["at_once"] = max(1, min(32, count))
    path = original.take("iterator_selector", [])
    items = selected(stage, original, path) if isinstance(path, list) else None
    if source := items or stage.question:
        stage.drawing.wire(stage.held(original, source, before), group, "items")
    why = "It gives what its last step gives."
    stage.became(original, How.APPROXIMATED, why, group)
    return {"": Exit.of(Port(group, "result"))}


def http(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("timeout", "retry_config", "ssl_verify", "variables")
    url, ports = stage.fill(original, original.text("url"))
    headers, query = [], []
    for name, into in (("headers", headers), ("params", query)):
        for line in original.text(name).splitlines():
            key, _, value = line.partition(":")
            if re.search(r"authorization|key|token|cookie", key, re.IGNORECASE):
                stage.report.secrets.append(
                    {"node": original.label, "what": f"'{key.strip()}' of its {name}"}
                )
            elif re.fullmatch(r"[\x21-\x7e]{1,200}", key.strip()):
                filled, found = stage.fill(original, value.strip())
                ports |= found
                into.append({"name": key.strip(), "value": filled[:8000]})
    body, body_type = _body(original)
    text, found = stage.fill(original, body)
    ports |= found
    if mapping(original.take("authorization", {})).get("type") not in (None, "no-auth"):
        stage.report.secrets.append({"node": original.label, "what": "What it signs in with"})
    method = original.text("method").upper()
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}
    settings = {
        "method": method if method in methods else "GET",
        "url": url[:4000],
        "headers": headers[:50],
        "query": query[:50],
    }
    id_ = stage.add(original, "tools.http_request", {**settings, "body_type": body_type, "body": text})
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_, "text"))}


def _body(original: Original) -> tuple[str, str]:
    said = mapping(original.take("body", {}))
    kind = {"json": "json", "raw-text": "text", "form-data": "form", "x-www-form-urlencoded": "form"}.get(
        text_in(said.get("type")), "none"
    )
    data = said.get("data")
    if isinstance(data, list):
        rows = [row for row in data if isinstance(row, dict)]
        pairs = [f"{text_in(row.get('key'))}={text_in(row.get('value'), most=50_000)}" for row in rows]
        data = (
            "\n".join(pairs)
            if kind == "form"
            else "\n".join(text_in(row.get("value"), most=50_000) for row in rows)
        )
    return text_in(data, most=100_000), kind


def assigner(stage: Stage, original: Original, before: Exit | None) -> Made:
    """Sets what a conversation remembers."""
    rows = original.rows("items") or [
        {
            "variable_selector": original.take("assigned_variable_selector", []),
            "value": original.take("input_variable_selector", []),
        }
    ]
    original.ignore("version", "write_mode", "assigned_variable_selector", "input_variable_selector")
    ids, way = [], before
    for row in rows:
        path, value = row.get("variable_selector"), row.get("value")
        if not (isinstance(path, list) and path):
            continue
        port = selected(stage, original, value) if isinstance(value, list) else None
        if port is None:
            constant = text_in(value, most=50_000) or " "
            port = Port(
                stage.add(
                    original,
                    "text.prompt",
                    {"template": constant.replace("{{", "{ ")},
                    label="value",
                    beside=-320,
                )
            )
        settings = {"scope": "session", "name": str(path[-1])[:100]}
        id_ = stage.add(
            original,
            "flow.set_variable",
            settings,
            **({} if not ids else {"beside": 320.0, "label": f"Set {path[-1]}"}),
        )
        stage.drawing.wire(stage.held(original, port, way), id_, "value")
        ids.append(id_)
        way = Exit(before.content if before else Port(id_), Port(id_))
    if not ids:
        return stage.placeholder(original, before, "What it set cannot be read.", [""])
    stage.became(original, How.CONVERTED, "", *ids)
    return {"": way} if way else {}


def tool(stage: Stage, original: Original, before: Exit | None) -> Made:
    name = text_in(original.inputs.get("tool_label")) or text_in(original.inputs.get("tool_name"))
    why = f"It called the tool '{name}'. An 'HTTP request', an 'MCP server' or a 'Code' node may take its place."
    return stage.placeholder(original, before, why, [""])


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
    "http-request": http,
    "assigner": assigner,
    "tool": tool,
}
