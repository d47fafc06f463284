"""The pieces of a difference are the two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.prompting.diffing import MOST_WORDS, Piece, difference


def test_words_are_compared_not_letters():
    assert difference("Be brief.", "Be kind.") == [
        Piece("same", "Be "),
        Piece("gone", "brief"),
        Piece("new", "kind"),
        Piece("same", "."),
    ]


def test_chinese_is_compared_character_by_character():
    assert [piece.text for piece in difference("请用中文回答", "请用英文回答")] == [
        "请用",
        "中",
        "英",
        "文回答",
    ]


@pytest.mark.parametrize("size", [1, MOST_WORDS])
def test_both_texts_can_be_read_from_it(size):
    old, new = "a b c\n" * size, "a c d\n" * size
    pieces = difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


@given(st.text(alphabet="ab {}中文\n", max_size=60), st.text(alphabet="ab {}中文\n", max_size=60))
def test_it_loses_nothing(old, new):
    pieces = difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new
