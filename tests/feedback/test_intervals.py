"""Wilson's interval is scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from flowbuilder.feedback.intervals import wilson


@given(st.integers(0, 300), st.integers(1, 300))
def test_as_scipy_has_it(good, bad):
    expected = stats.binomtest(good, good + bad).proportion_ci(method="wilson")
    assert wilson(good, good + bad) == pytest.approx(tuple(expected), abs=1e-9)


def test_of_nothing_there_is_none():
    assert wilson(0, 0) is None
