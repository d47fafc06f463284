"""Reciprocal rank fusion."""

from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.knowledge.retrieval.fusion import fuse

rankings = st.lists(st.permutations(range(6)).map(lambda order: order[:4]), max_size=3)


def test_what_both_rank_high_goes_first():
    assert list(fuse([[1, 2, 3], [2, 3, 1]])) == [2, 1, 3]


def test_first_everywhere_has_one_and_a_silent_ranking_no_say():
    assert fuse([[7, 8], [], [7]])[7] == 1.0
    assert fuse([[], []]) == {} == fuse([])


@given(rankings)
def test_scores_fall_and_stay_within_one(given_rankings):
    fused = fuse(given_rankings)
    scores = list(fused.values())
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 1 + 1e-9 for score in scores)
    assert set(fused) == {passage for ranking in given_rankings for passage in ranking}


@given(rankings)
def test_the_order_of_rankings_does_not_matter(given_rankings):
    assert list(fuse(given_rankings)) == list(fuse(given_rankings[::-1]))
