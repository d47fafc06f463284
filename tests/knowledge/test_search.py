"""The keyword index on small cases worked by hand; words in both scripts."""

from flowbuilder.knowledge.search import bm25
from flowbuilder.knowledge.words import words


def test_bm25_prefers_the_rarer_word():
    scores = bm25(["parcel", "locker"], [["parcel", "a"], ["parcel", "locker"], ["b", "c"]])
    assert scores[1] > scores[0] > scores[2] == 0


def test_words_of_both_scripts():
    assert {"parcel-id", "parcel", "id"} <= set(words("The Parcel_ID"))
    assert "包裹" in words("包裹的状态")
