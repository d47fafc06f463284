"""What operators make is another prompt with the same placeholders."""

import random

import pytest

from flowbuilder.prompting.optimiser.candidate import Candidate, Slots
from flowbuilder.prompting.optimiser.edits import edits
from flowbuilder.prompting.optimiser.examples import Shown, with_examples
from flowbuilder.prompting.optimiser.forms import forms
from flowbuilder.prompting.optimiser.template import instructions, phrases
from flowbuilder.prompting.placeholders import names

PROMPTS = [
    "Be brief.\n\nContext:\n{{ context }}\n\nQuestion: {{ question }}",
    "Use {{ context }}. The user asks: {{ question }}. Reply in JSON.",
    "请简短回答。\n资料：{{ context }}\n问题：{{ question }}",
]
SLOTS = Slots(question=("question",), context=("context",))


@pytest.mark.parametrize("prompt", PROMPTS)
def test_each_has_the_same_placeholders_and_says_something_else(prompt):
    for made in (list(forms(prompt, SLOTS, chinese=True)), edits(prompt, random.Random(1), 8)):
        assert len({each.text for each in made}) == len(made) > 5
        for each in made:
            assert set(names(each.text)) == {"context", "question"} and each.text != prompt and each.detail


@pytest.mark.parametrize("prompt", PROMPTS)
def test_phrases_are_the_whole_text(prompt):
    assert "".join(phrases(prompt)) == prompt


def test_instructions_are_what_stands_beside_the_placeholders():
    assert [instructions(prompt) for prompt in PROMPTS] == ["Be brief.", "Reply in JSON.", "请简短回答。"]


def test_a_label_of_something_else_is_an_instruction():
    assert instructions("{{ question }}\nFields:\n- id: string") == "Fields:\n- id: string"


def test_a_prompt_without_placeholders_is_edited_but_has_no_layout():
    assert not list(forms("Be brief. Be kind.", Slots()))
    assert {each.text for each in edits("Be brief. Be kind.", random.Random(1), 8)} >= {
        "Be kind.",
        "Be brief.",
    }


def test_an_example_stands_in_the_form_of_the_question():
    shown = Shown(0, {"context": "PX-1 is in bay 4.", "question": "Where?"}, "{{ question }}? Bay 4.")
    made = with_examples(Candidate(PROMPTS[0]), SLOTS, [shown], random.Random(1))
    assert made[0].text == (
        "Context:\nPX-1 is in bay 4.\n\nQuestion: Where?\n{ question }? Bay 4.\n\n" + PROMPTS[0]
    )
    assert made[0].shown == {0}
