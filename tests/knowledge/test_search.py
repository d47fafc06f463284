"""The two indexes and their fusion, on small cases worked by hand; words in both scripts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.knowledge.search import bm25, fuse
from flowbuilder.knowledge.words import words


def test_bm25_prefers_the_rarer_word():
    scores = bm25(["parcel", "locker"], [["parcel", "a"], ["parcel", "locker"], ["b", "c"]])
    assert scores[1] > scores[0] > scores[2] == 0


def test_fusion_follows_both():
    hits = fuse(np.array([0.9, 0.8, 0.1]), np.array([0.0, 3.0, 1.0]), limit=3)
    assert hits[0].index == 1 and hits[0].dense == 0.8 and hits[0].keyword == 3.0


def test_without_dense_keywords_decide():
    assert [hit.index for hit in fuse(None, np.array([0.0, 1.0, 2.0]), limit=5)] == [2, 1]


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20), st.integers(1, 5))
def test_at_most_limit_best_first(dense, limit):
    hits = fuse(np.array(dense), np.zeros(len(dense)), limit)
    assert len(hits) <= limit
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_words_of_both_scripts():
    assert {"parcel-id", "parcel", "id"} <= set(words("The Parcel_ID"))
    assert "包裹" in words("包裹的状态")
