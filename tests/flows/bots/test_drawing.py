"""Every flow that is drawn validates, says what the description said, and cannot be tricked into more inputs."""

import itertools
import json

import pytest

from flowbuilder.engine.graph import Graph
from flowbuilder.engine.validate import problems
from flowbuilder.flows.bots.drawing import Parts, draw
from flowbuilder.flows.bots.understanding import Answers, Understanding, understand
from flowbuilder.flows.nodes import catalogue
from nodes.language.fields import schema_of


def settings_of(graph, node):
    return next(each["settings"] for each in graph["nodes"] if each["id"] == node)


@pytest.mark.parametrize(
    ("answers", "language", "base", "trained"),
    list(itertools.product(Answers, ["en", "zh"], ["", "the-base"], [True, False])),
)
def test_it_validates(answers, language, base, trained):
    understood = Understanding(language=language, answers=answers, looks_up=bool(base))
    graph = draw("Helps people.", understood, Parts("starter", trained, base, "Base"))
    assert problems(Graph.model_validate(graph), catalogue()) == []
    assert graph["notes"][0]["text"]


def test_the_description_is_the_prompt_of_a_model_that_follows_instructions():
    graph = draw("Answer in verse.", understand("Answer in verse."), Parts("big"))
    assert settings_of(graph, "prompt_1")["template"] == "Answer in verse.\n\nQuestion: {{ question }}"


def test_the_shipped_model_gets_the_form_that_it_was_trained_on():
    said = "Looks parcels up in the protocol and returns mock records."
    graph = draw(said, understand(said), Parts("starter", True, "b", "Base"))
    assert settings_of(graph, "prompt_1")["template"] == "Context:\n{{ context }}\n\nQuestion: {{ question }}"


def test_braces_in_a_description_are_text():
    graph = draw("Say {{ hello }}.", understand("Say {{ hello }}."), Parts("big"))
    assert [wire["target_port"] for wire in graph["wires"]] == ["question", "prompt", "content"]


def test_a_label_is_one_of_those_named():
    said = "把客户留言分为账单、配送和退货三类。"
    graph = draw(said, understand(said), Parts("starter", True))
    schema = json.loads(settings_of(graph, "record_1")["json_schema"])
    assert schema["properties"]["label"]["enum"] == ["账单", "配送", "退货"]
    assert settings_of(graph, "start_1")["question_label"] == "文本"


def test_the_example_runs_before_there_is_a_document():
    """A schema can be read out of it, until the documents say the fields."""
    understood = understand("Returns mock data as our protocol says.")
    empty = draw("x", understood, Parts("starter", True, "b", "Base", base_is_empty=True))
    filled = draw("x", understood, Parts("starter", True, "b", "Base", base_is_empty=False))
    assert schema_of(settings_of(empty, "start_1")["example"])
    assert settings_of(filled, "start_1")["example"] == "Make a parcel record."


@pytest.mark.parametrize(
    ("answers", "given"), [(Answers.TEXT, 307), (Answers.LABEL, 307), (Answers.RECORD, None)]
)
def test_no_more_is_given_than_the_model_reads(answers, given):
    """A record's prompt is shortened by its own node, and needs the whole section."""
    understood = Understanding(language="en", answers=answers, looks_up=True)
    graph = draw("x", understood, Parts("starter", True, "b", "Base", reads=768))
    assert settings_of(graph, "retrieve_1").get("most_tokens") == given
