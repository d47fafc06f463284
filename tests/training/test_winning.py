"""Intervals hold what they promise, and tests of significance agree with what can be counted by hand."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.training.winning import bootstrap, sign_test, wilson, win_rate

verdicts = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=60)


def test_wilson_as_published():
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I: 81 of 263."""
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_holds_the_share_and_stays_within_bounds(successes, count):
    successes = min(successes, count)
    low, high = wilson(successes, count)
    assert 0 <= low <= successes / count <= high <= 1
    assert wilson(count - successes, count) == pytest.approx((1 - high, 1 - low))


def test_wilson_holds_the_truth_about_as_often_as_it_says():
    rng = random.Random(1)
    held = 0
    for _ in range(2000):
        low, high = wilson(sum(rng.random() < 0.3 for _ in range(40)), 40)
        held += low <= 0.3 <= high
    assert 0.92 < held / 2000 < 0.98


@pytest.mark.parametrize(
    ("wins", "losses", "p"), [(0, 0, 1), (5, 5, 1), (1, 0, 1), (5, 0, 1 / 16), (9, 1, 22 / 1024)]
)
def test_the_sign_test_by_hand(wins, losses, p):
    assert sign_test(wins, losses) == sign_test(losses, wins) == pytest.approx(p)


@given(verdicts)
def test_a_win_rate_seen_from_the_other_side(given):
    won, lost = win_rate("rewards", given), win_rate("rewards", [1 - value for value in given])
    assert (won.wins, won.losses, won.ties) == (lost.losses, lost.wins, lost.ties)
    assert won.rate == pytest.approx(1 - lost.rate) and won.p == lost.p
    assert won.low <= won.rate <= won.high and won.count == len(given)


def test_nobody_s_verdict_is_no_win_rate():
    assert win_rate("people", []) is None


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=40))
def test_a_bootstrap_interval_lies_among_what_was_measured(values):
    low, high = bootstrap(values, lambda drawn: math.fsum(drawn) / len(drawn))
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_a_bootstrap_is_the_same_each_time_and_holds_the_mean():
    values = [random.Random(2).gauss(1, 2) for _ in range(50)]
    mean = lambda drawn: math.fsum(drawn) / len(drawn)  # noqa: E731
    assert bootstrap(values, mean) == bootstrap(values, mean)
    low, high = bootstrap(values, mean)
    assert low <= mean(values) <= high
    assert bootstrap([1.0], mean) is None
