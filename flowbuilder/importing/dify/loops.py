"""Dify's iterations and loops, and what their steps set."""

from __future__ import annotations

from flowbuilder.importing.dify.deciding import ways_of
from flowbuilder.importing.dify.selecting import Made, loop_variable, selected
from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.original import Original, Source, text_in
from flowbuilder.importing.report import How
from flowbuilder.importing.stage import Stage

CHECK = "loop-check"
"""A step that stands for no node of the file: whether a loop has gone round often enough."""
LAST = "It gives what its last step gives."
ROUND = "It goes round in a group 'Repeat until'; its variables are variables of the run."


def with_checks(source: Source) -> dict[str, int]:
    """Adds a step to the end of each loop that decides whether it ends; how often each may go round."""
    rounds: dict[str, int] = {}
    for loop in [node for node in source.nodes.values() if node.kind == "loop"]:
        count = loop.take("loop_count", 10)
        rounds[loop.id] = max(1, min(100, count)) if isinstance(count, int) else 10
        inside = [node for node in source.nodes.values() if node.parent == loop.id]
        right = max((node.at[0] for node in inside), default=loop.at[0])
        at = (right + 320, loop.at[1])
        source.nodes[f"{loop.id}_check"] = Original(f"{loop.id}_check", CHECK, "enough?", at, parent=loop.id)
    return rounds


def check(stage: Stage, original: Original, before: Exit | None) -> Made:
    """Behind the last steps of a loop's body."""
    loop = stage.source.nodes[original.parent]
    ends = [
        id_ for id_, node in stage.source.nodes.items() if node.parent == loop.id and node.kind == "loop-end"
    ]
    leaving = [way.control for id_ in ends for way in stage.exits.get(id_, {}).values()]
    conditions = loop.rows("break_conditions")
    if conditions and before is not None:
        items = len(stage.report.items)
        case = {"conditions": conditions, "logical_operator": loop.take("logical_operator")}
        leaving.append(ways_of(stage, original, before, [case])["0"].control)
        del stage.report.items[items:]
    if leaving:
        said = stage.add(original, "text.prompt", {"template": "done {{ value }}"}, label="done", beside=320)
        port = leaving[0]
        if len(leaving) > 1:
            joined = stage.add(original, "flow.merge", {"how": "text"}, label="leaves", beside=160)
            for each in leaving:
                stage.drawing.wire(each, joined, "values")
            port = Port(joined)
        stage.drawing.wire(port, said, "value")
        out = stage.add(original, "flow.group_output", {"name": "done"}, label="done", beside=480)
        stage.drawing.wire(Port(said), out, "content")
    return {"": before} if before else {}


def leave(stage: Stage, original: Original, before: Exit | None) -> Made:
    """Dify's 'Exit loop'."""
    if before is None:
        return stage.placeholder(original, before, "Nothing leads to it.", [""])
    stage.became(original, How.MERGED, "The loop ends where it stood.")
    return {"": before}


def loop(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("error_handle_mode", "outputs", "break_conditions", "logical_operator", "loop_count")
    group = stage.each[original.id]
    way = before
    ids: list[str] = []
    for row in original.rows("loop_variables"):
        label, value = text_in(row.get("label")), row.get("value")
        found = selected(stage, original, value) if isinstance(value, list) else None
        if found is None:
            told = text_in(value, most=50_000).replace("{{", "{ ") or " "
            found = Port(stage.add(original, "text.prompt", {"template": told}, label=label, beside=-480))
        settings = {"scope": "run", "name": loop_variable(stage, [original.id, label])}
        id_ = stage.add(original, "flow.set_variable", settings, label=f"Set {label}", beside=-320)
        stage.drawing.wire(stage.held(original, found, way), id_, "value")
        ids.append(id_)
        way = Exit(before.content if before else Port(id_), Port(id_))
    if begins := way or (Exit.of(stage.question) if stage.question else None):
        stage.drawing.wire(stage.gate(original, begins), group, "begin")
    stage.became(original, How.APPROXIMATED, ROUND, group, *ids)
    return {"": Exit.of(Port(group, "result"))}


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
    stage.became(original, How.APPROXIMATED, LAST, group)
    return {"": Exit.of(Port(group, "result"))}


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
        loop = loop_variable(stage, path)
        name = loop or str(path[-1])[:100]
        settings = {"scope": "run" if loop else "session", "name": name}
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
