"""Where a flow of Langflow goes one way or the other."""

from __future__ import annotations

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.langflow.draw import Draw
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How

TESTS = {
    "equals": "equals", "not equals": "differs", "contains": "contains", "starts with": "starts with",
    "ends with": "ends with", "regex": "matches", "less than": "less than", "less than or equal": "at most",
    "greater than": "more than", "greater than or equal": "at least",
}  # fmt: skip


def condition(to: Draw, node: Original) -> None:
    value = to.text(node, "input_text")
    test = TESTS.get(node.text("operator"), "equals")
    rule = {
        "test": test,
        "value": node.text("match_text"),
        "ignore_case": not node.take("case_sensitive", False),
    }
    node.ignore("default_route", "max_iterations", "message", "true_case_message", "false_case_message")
    id_ = to.stage.add(node, "flow.condition", {"branches": [{"name": "yes", "rules": [rule]}]})
    to.stage.drawing.wire(value, id_, "value")
    to.outputs[node.id] = {"true_result": Port(id_, "yes"), "false_result": Port(id_, "else")}
    to.stage.became(node, How.CONVERTED, "", id_)
