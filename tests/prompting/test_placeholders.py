"""A rewrite has exactly the placeholders of its prompt, whatever a model wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.prompting.placeholders import mend, names

PROMPT = "Context:\n{{ context }}\n\nQuestion: {{ question }}"


def test_a_good_rewrite_stays_as_it_is():
    text = "Use {{ context }} for {{question}}."
    assert mend(text, PROMPT).text == text and not mend(text, PROMPT).changed


@pytest.mark.parametrize("nearly", ["{question}", "<question>", "[question]"])
def test_one_that_is_nearly_written_is_put_right_in_its_place(nearly):
    mended = mend(f"Read {{{{ context }}}} and answer {nearly} shortly.", PROMPT)
    assert mended.text == "Read {{ context }} and answer {{ question }} shortly."
    assert mended.restored == ("question",)


def test_a_lost_one_comes_back_with_its_label():
    assert (
        mend("Be short.\n{{ context }}", PROMPT).text
        == "Be short.\n{{ context }}\n\nQuestion: {{ question }}"
    )


def test_an_invented_one_goes_with_the_line_that_only_named_it():
    mended = mend(f"{PROMPT}\nHistory: {{{{ history }}}}\nBe kind, {{{{ name }}}}.", PROMPT)
    assert mended.removed == ("history", "name") and mended.text == f"{PROMPT}\nBe kind, ."


@given(
    st.text(max_size=200) | st.from_regex(r"([a-z ]|\{\{ ?[ab]{1,2} ?\}\}|\{[ab]\}){0,40}", fullmatch=True)
)
def test_none_is_ever_lost_or_invented(rewrite):
    assert set(names(mend(rewrite, "Say {{ a }} of {{ b }}").text)) == {"a", "b"}
