"""A weighted mean of how well each index says that a passage fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.knowledge.retrieval.fusion import Said, by_meaning, by_words, fuse

SAID = st.lists(
    st.builds(
        Said,
        st.floats(0.01, 1),
        st.dictionaries(st.integers(0, 8), st.floats(0, 1), max_size=5),
        st.floats(0, 1),
    ),
    max_size=3,
)


def test_what_one_is_certain_of_goes_before_what_both_rank_in_the_middle():
    near = [(1, 0.9), *((passage, 0.4 - passage / 100) for passage in range(2, 9))]
    found = [(passage, 3.0 - passage / 10) for passage in range(2, 9)]
    assert next(iter(fuse([by_meaning(near, 0.0, 0.7), by_words(found, 10.0, 0.3)]))) == 1


def test_what_an_index_did_not_name_is_no_better_than_its_last():
    fused = fuse([by_meaning([(1, 0.8), (2, 0.5)], 0.0, 0.5), by_words([(3, 4.0)], 4.0, 0.5)])
    assert fused == {3: 0.75, 1: 0.4, 2: 0.25}


def test_one_index_alone_is_itself_and_nothing_is_nothing():
    assert fuse([by_words([(7, 2.0), (8, 1.0)], 4.0, 0.3), Said(0.7)]) == {7: 0.5, 8: 0.25}
    assert fuse([Said(1.0)]) == {} == fuse([])


def test_bm25_above_what_was_thought_the_most_keeps_its_order():
    assert by_words([(1, 9.0), (2, 6.0)], 3.0, 0.3).scores == {1: 1.0, 2: pytest.approx(2 / 3)}


@pytest.mark.parametrize("squeezed", [0.0, 0.5, 0.8])
def test_how_an_embedder_spreads_its_cosines_changes_nothing(squeezed):
    near = [(1, 0.9), (2, 0.3), (3, 0.1)]
    other = [(passage, squeezed + (1 - squeezed) * cosine) for passage, cosine in near]
    words = by_words([(2, 3.0), (3, 1.0)], 4.0, 0.3)
    assert fuse([by_meaning(other, squeezed, 0.7), words]) == pytest.approx(
        fuse([by_meaning(near, 0.0, 0.7), words])
    )


@given(SAID)
def test_scores_fall_and_stay_within_one_and_the_order_of_indexes_does_not_matter(said):
    fused = fuse(said)
    scores = list(fused.values())
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 + 1e-9 for score in scores)
    assert set(fused) == {passage for one in said for passage in one.scores}
    assert fuse(said[::-1]) == pytest.approx(fused)
