"""Matched words, and where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.knowledge.retrieval.matched import marked, matched
from flowbuilder.knowledge.words import words


def on(text: str, *found: str) -> list[str]:
    return [part["text"] for part in marked(text, found) if part["on"]]


def test_words_of_the_question_in_its_order_once():
    assert matched(["depot", "id", "depot", "x"], ["id", "depot"]) == ["depot", "id"]


def test_whole_words_are_marked_in_both_scripts():
    assert on("The Depot_ID of a depot, not depots.", "depot", "depot-id") == ["Depot_ID", "depot"]
    assert on("包裹记录包含包裹状态", "包裹", "状态") == ["包裹", "包裹状态"]
    assert on("nothing here", "depot") == []


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_character_is_lost(text, question):
    parts = marked(text, words(question))
    assert "".join(part["text"] for part in parts) == text and all(part["text"] for part in parts)
