"""Which settings are prompts, and what their placeholders carry."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.nodes import catalogue
from flowbuilder.prompting.target import Target, prompts_of, target_of
from tests.prompting.conftest import graph_of

GRAPH = Graph.model_validate(graph_of("{{ question }} {{ passages }}", model="starter@1"))


def test_prompts_are_what_instructs_a_model():
    assert prompts_of(GRAPH, catalogue()) == [("prompt", "template"), ("model", "system")]


@pytest.mark.parametrize(("node", "setting", "code"), [("gone", "template", 404), ("start", "example", 422)])
def test_what_is_no_prompt_is_named(node, setting, code):
    with pytest.raises(ApiError, match="prompt.template, model.system") as refused:
        target_of(GRAPH, catalogue(), node, setting)
    assert refused.value.status == code


def test_it_knows_its_placeholders_and_its_model():
    target = Target(GRAPH, "prompt", "template")
    assert (target.slots.question, target.slots.context) == (("question",), ("passages",))
    assert target.model == "starter@1" and target.downstream == {"prompt", "model", "reply"}
    assert target.with_text("x").node("prompt").settings["template"] == "x"
