"""Measures by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.testcases.measures import means, measured

rankings = st.lists(st.lists(st.integers(1, 4), max_size=2), max_size=8)


def test_by_hand():
    found = measured([[], [7], [], [8, 7]], [7, 8, 9])
    assert (
        found["R@1"] == 0
        and found["R@3"] == pytest.approx(1 / 3, abs=1e-4)
        and found["R@5"] == pytest.approx(2 / 3, abs=1e-4)
    )
    assert found["RR"] == 0.5
    assert measured([[7]], [7])["nDCG@10"] == 1.0


def test_nothing_found_and_nothing_expected():
    assert set(measured([], [7]).values()) == {0.0} and measured([[7]], []) == {}


@given(rankings, st.sets(st.integers(1, 4), min_size=1))
def test_measures_are_shares_and_recall_grows_with_depth(ranking, expected):
    found = measured(ranking, expected)
    assert all(0 <= value <= 1 for value in found.values())
    assert found["R@1"] <= found["R@3"] <= found["R@5"] <= found["R@10"]


def test_a_mean_is_over_those_that_have_the_measure():
    assert means([{"RR": 1.0}, {"RR": 0.0, "agreement": 0.5}]) == {"RR": 0.5, "agreement": 0.5}
