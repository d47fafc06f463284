"""Words and terms of both scripts."""

from flowbuilder.knowledge.words import terms, words


def test_words_of_both_scripts():
    assert {"parcel-id", "parcel", "id"} <= set(words("The Parcel_ID"))
    assert "包裹" in words("包裹的状态")


def test_terms_are_words_characters_and_pairs_each_once_a_place():
    assert terms("快递柜的格口").count("格口") == 1
    assert {"格", "口", "递柜"} <= set(terms("快递柜的格口"))
    assert "的" not in terms("快递柜的格口")
