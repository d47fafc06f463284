"""Conditions, by comparison and by a model, as the node *Condition*."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.original import Original, mapping
from flowbuilder.importing.providers import ModelSettings, model_of
from flowbuilder.importing.report import How
from flowbuilder.importing.speaking import Asked, messages
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.texts import MENTION, plain

TESTS = {
    "equal": "equals", "notequal": "differs", "contains": "contains", "notcontains": "lacks", "startswith": "starts with",
    "endswith": "ends with", "isempty": "empty", "notempty": "not empty", "regex": "matches", "larger": "more than",
    "largerequal": "at least", "smaller": "less than", "smallerequal": "at most", "is": "equals", "isnot": "differs",
    "notisempty": "not empty", "greaterthan": "more than", "lessthan": "less than", "equalto": "equals",
    "notequalto": "differs", "greaterthanorequalto": "at least", "lessthanorequalto": "at most", "notcontain": "lacks",
}  # fmt: skip
NUMERIC = {"more than", "at least", "less than", "at most"}


def test_of(operation: Any) -> str | None:
    return TESTS.get("".join(sign for sign in str(operation).lower() if sign.isalpha()))


def condition(stage: Stage, original: Original, before: Exit | None) -> Mapping[str, Exit]:
    rows = original.rows("conditions")
    values = [plain(str(row.get("value1") if row.get("value1") is not None else "")).strip() for row in rows]
    branches, told = [], []
    distinct = list(dict.fromkeys(values))
    for number, row in enumerate(rows):
        test, value = (
            test_of(row.get("operation")),
            plain(str(row.get("value2") if row.get("value2") is not None else "")).strip(),
        )
        if MENTION.search(value):
            told.append(
                "It compared with what another step said; here the text is compared as it is written."
            )
        if test is None or (test in NUMERIC and not _is_number(value)):
            told.append(
                f"'{row.get('operation')} {value}' cannot be compared here; whether it equals that is asked."
            )
            test = "equals"
        path = f"v{distinct.index(values[number]) + 1}" if len(distinct) > 1 else ""
        rule = {"path": path, "test": test, "value": value[:10_000], "ignore_case": False}
        branches.append({"name": f"case_{number + 1}", "rules": [rule]})
    ports = [_compared(stage, original, value) for value in distinct]
    return branch(stage, original, before, branches[:20], ports, told)


def branch(
    stage: Stage,
    original: Original,
    before: Exit | None,
    branches: list[dict[str, Any]],
    ports: list[Port],
    told: list[str],
) -> Mapping[str, Exit]:
    """The node, and a branch for each of its outputs by number; what comes before goes on, whatever was compared."""
    value = ports[0] if ports else before.content if before else stage.question
    if len(ports) > 1:
        names = [f"v{number}" for number in range(1, len(ports) + 1)]
        id_ = stage.add(
            original, "flow.merge", {"how": "object", "names": names}, label="values", beside=-320
        )
        for name, port in zip(names, ports, strict=True):
            stage.drawing.wire(port, id_, name)
        value = Port(id_)
    id_ = stage.add(original, "flow.condition", {"branches": branches} if branches else {})
    if value is not None:
        stage.drawing.wire(stage.held(original, value, before), id_, "value")
    stage.became(original, How.APPROXIMATED if told else How.CONVERTED, " ".join(dict.fromkeys(told)), id_)
    content = before.content if before else value
    ways = [*(row["name"] for row in branches), "else"] if branches else ["yes", "else"]
    return {
        str(number): Exit(content or Port(id_, name), Port(id_, name)) for number, name in enumerate(ways)
    }


def _compared(stage: Stage, original: Original, text: str) -> Port:
    found = MENTION.fullmatch(text)
    port = stage.value(original, found[1].strip()) if found else None
    if port is not None:
        return port
    template, ports = stage.fill(original, text)
    id_ = stage.add(original, "text.prompt", {"template": template or " "}, label="value", beside=-320)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    return Port(id_)


def condition_agent(stage: Stage, original: Original, before: Exit | None) -> Mapping[str, Exit]:
    original.ignore("conditionAgentOverrideSystemPrompt", "conditionAgentSystemPrompt")
    scenarios = [str(row.get("scenario") or "").strip() for row in original.rows("conditionAgentScenarios")]
    model = model_of(
        original.text("conditionAgentModel"), mapping(original.take("conditionAgentModelConfig", {}))
    )
    instructions, text = (
        plain(original.text("conditionAgentInstructions")),
        plain(original.text("conditionAgentInput")),
    )
    return chosen(stage, original, before, [name for name in scenarios if name], model, instructions, text)


def chosen(
    stage: Stage,
    original: Original,
    before: Exit | None,
    scenarios: Iterable[str],
    model: ModelSettings,
    instructions: str,
    text: str,
) -> Mapping[str, Exit]:
    """A model says which scenario it is, and can say nothing else; then it branches by that."""
    names = list(dict.fromkeys(scenarios))[:20] or ["yes"]
    listed = "\n".join(f"- {name}" for name in names)
    rows = [("system", f"{instructions}\n\nSay which of these it is:\n{listed}".strip())]
    prompt = messages(stage, original, before, Asked(rows, user=text or "{{ question }}"))
    schema = {
        "type": "object",
        "properties": {"scenario": {"enum": names}},
        "required": ["scenario"],
        "additionalProperties": False,
    }
    settings = {**model.settings("temperature"), "json_schema": json.dumps(schema, ensure_ascii=False)}
    asks = stage.add(
        original, "language.remote_structured", settings, label=f"{original.label}: which", beside=-160
    )
    stage.drawing.wire(prompt, asks, "prompt")
    model.tell(stage.report, original.label)
    branches = [
        {
            "name": f"case_{number}",
            "rules": [{"path": "scenario", "test": "equals", "value": name, "ignore_case": False}],
        }
        for number, name in enumerate(names, start=1)
    ]
    return branch(stage, original, before, branches, [Port(asks)], [])


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False
