"""Texts in parts, each as long as the model reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.base import NodeError, PromptTooLong, Sampling
from nodes.language.saying import halves, in_parts, listed, parts_of


@given(st.text(max_size=2000), st.integers(50, 500))
def test_parts_are_the_text_and_none_is_longer(text, most):
    parts = parts_of(text, most)
    assert all(len(part) <= most for part in parts)
    assert "".join(parts).split() == text.split() or "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_divided_where_a_sentence_ends():
    assert halves("One is here now. Two is there now.") == ("One is here now. ", "Two is there now.")
    assert halves("一二三四五。六七八九十。") == ("一二三四五。", "六七八九十。")


async def test_what_a_model_cannot_read_is_halved(make_context, models):
    models.answers, models.reads = ["ok"], 700
    text = "This is a sentence. " * 100
    said = await in_parts(make_context(), "m", lambda part: f"Say: {part}", text, Sampling(max_new_tokens=80))
    fitting = [call["prompt"] for call in models.calls if len(call["prompt"]) <= 700]
    assert len(said) == len(fitting) >= 3
    assert "".join(prompt.removeprefix("Say: ") for prompt in fitting) == text
    assert models.calls[0]["sampling"].room == 40
    models.reads = 10
    with pytest.raises(PromptTooLong):
        await in_parts(make_context(), "m", lambda part: part, text, Sampling())


async def test_a_list_that_was_cut_off_names_the_setting(make_context, models):
    models.answers = ['{"texts": ["a", "a", " b "]}']
    assert await listed(make_context(), "m", "x", Sampling(), 3, 50) == ["a", "b"]
    models.answers = ['{"texts": ["a']
    with pytest.raises(NodeError, match="max_new_tokens"):
        await listed(make_context(), "m", "x", Sampling(), 3, 50)
