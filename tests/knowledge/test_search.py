"""The keyword index on small cases worked by hand; words in both scripts."""

from flowbuilder.knowledge.search import bm25
from flowbuilder.knowledge.words import terms, words


def test_bm25_prefers_the_rarer_word():
    scores = bm25(["parcel", "locker"], [["parcel", "a"], ["parcel", "locker"], ["b", "c"]])
    assert scores[1] > scores[0] > scores[2] == 0


def test_words_of_both_scripts():
    assert {"parcel-id", "parcel", "id"} <= set(words("The Parcel_ID"))
    assert "包裹" in words("包裹的状态")


def test_terms_are_words_characters_and_pairs_each_once_a_place():
    assert terms("快递柜的格口").count("格口") == 1
    assert {"格", "口", "递柜"} <= set(terms("快递柜的格口"))
    assert "的" not in terms("快递柜的格口")


def test_another_word_for_the_same_shares_its_characters():
    assert not set(words("小格")) & set(words("快递柜格口"))
    assert "格" in set(terms("小格")) & set(terms("快递柜格口"))


def test_terms_of_latin_text_are_its_words():
    assert terms("The Parcel_ID of a locker") == words("The Parcel_ID of a locker")
