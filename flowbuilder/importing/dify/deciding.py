"""Where Dify branches."""

from __future__ import annotations

import re
from typing import Any

from flowbuilder.importing.dify.selecting import Made, selected
from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.flowise.branching import NUMERIC, branch
from flowbuilder.importing.original import Original, text_in
from flowbuilder.importing.stage import Stage

TESTS = {
    "contains": "contains", "not contains": "lacks", "start with": "starts with", "end with": "ends with", "is": "equals",
    "is not": "differs", "empty": "empty", "not empty": "not empty", "=": "equals", "≠": "differs", ">": "more than",
    "<": "less than", "≥": "at least", "≤": "at most", "in": "one of", "null": "empty", "not null": "not empty",
    "not in": "differs", "is empty": "empty", "is not empty": "not empty", "exists": "not empty", "not exists": "empty",
}  # fmt: skip


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
    ways = ways_of(stage, original, before, cases)
    named = {
        text_in(case.get("case_id")) or text_in(case.get("id")) or "true": ways[str(at)]
        for at, case in enumerate(cases[:20])
    }
    return {**named, "false": ways[str(len(cases[:20]))]}


def ways_of(stage: Stage, original: Original, before: Exit | None, cases: list[dict[str, Any]]) -> Made:
    """By the number of the case, and one behind the last for none of them."""
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
    return branch(stage, original, before, branches, ports[:20], told)
