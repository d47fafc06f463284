"""What a model is asked for, and what is left of what it says; rules in its place."""

import pytest

from flowbuilder.prompting.optimiser.candidate import Slots
from flowbuilder.prompting.rewriting import Failure, by_rules, is_usable, request, tidy

SLOTS = Slots(question=("question",), context=("context",))
PROMPT = "Be brief. Be brief. Question: {{ question }} in {{ context }}"


def test_it_is_told_the_wish_the_failure_and_the_placeholders():
    asked = request(
        PROMPT, "in Chinese", Failure(question="Where?", answer="No.", wrong="rude", expected="Bay 4")
    )
    for told in ("in Chinese", "Where?", "No.", "rude", "Bay 4", "{{ question }}, {{ context }}", PROMPT):
        assert told in asked


@pytest.mark.parametrize(
    "said",
    [
        "Answer {{ question }}.",
        "Here is the improved prompt:\nAnswer {{ question }}.",
        "```text\nAnswer {{ question }}.\n```",
        "<prompt>\nAnswer {{ question }}.\n</prompt>\nI made it shorter.",
        'Improved prompt: "Answer {{ question }}."',
        "改进后的提示词：Answer {{ question }}.",
    ],
)
def test_what_models_say_around_a_prompt_goes(said):
    assert tidy(said) == "Answer {{ question }}."


def test_rules_lay_it_out_and_take_the_wish_in():
    assert by_rules(PROMPT, SLOTS, "always answer in Chinese") == (
        "Be brief.\nAlways answer in Chinese.\n\nContext:\n{{ context }}\n\nQuestion: {{ question }}"
    )


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("make it shorter, always answer in Chinese", ["One.", "Always answer in Chinese."]),
        ("make it shorter, and answer with JSON only", ["One.", "Answer with JSON only."]),
        ("name id, depot and status", ["One.", "Two.", "Name id, depot and status."]),
        ("answer shortly", ["One.", "Two.", "Answer shortly."]),
        ("提示词更短，用中文回答", ["One.", "用中文回答。"]),
    ],
)
def test_each_part_of_a_wish_is_done(wish, said):
    assert by_rules("One. Two.", Slots(), wish).splitlines() == said


def test_rules_learn_from_a_failure():
    text = by_rules(PROMPT, SLOTS, failure=Failure(question="Where {{ x }}?", expected="Bay 4"))
    assert "For example, “Where { x }?” is answered: Bay 4" in text


def test_rules_speak_the_prompt_s_language():
    slots = Slots(question=("question",))
    text = by_rules(
        "请回答。\n问题：{{ question }}", slots, failure=Failure(question="在哪？", expected="四号")
    )
    assert text == "请回答。\n例如，对于“在哪？”，应当回答：四号\n\n问题：{{ question }}"


@pytest.mark.parametrize("text", ["", '{"parcel_id": 1}', "the " * 40])
def test_no_prompt_is_none(text):
    assert not is_usable(text, PROMPT)
