"""The figures of A/B tests: against scipy, and against what they promise to whoever keeps looking."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flowbuilder.abtests import statistics
from flowbuilder.abtests.statistics import Counts

ALPHA = 0.05
COUNTS = st.builds(Counts, st.integers(0, 400), st.integers(0, 400))


@given(COUNTS, COUNTS)
def test_fixed_horizon_figures_are_scipy_s(one, other):
    table = [[one.good, one.bad], [other.good, other.bad]]
    assert statistics.fisher(one, other) == pytest.approx(stats.fisher_exact(table).pvalue, abs=1e-6)
    if one.total:
        expected = stats.binomtest(one.good, one.total)
        assert statistics.sign_test(one) == pytest.approx(expected.pvalue, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 99)), min_size=2, max_size=6))
def test_the_sample_ratio_is_scipy_s(arms):
    seen, shares = [count for count, _ in arms], [share for _, share in arms]
    total = sum(seen)
    expected = (
        stats.chisquare(seen, [total * share / sum(shares) for share in shares]).pvalue if total else 1.0
    )
    assert statistics.sample_ratio(seen, shares) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, st.sampled_from([0.01, 0.05, 0.2]))
def test_interval_and_p_value_say_the_same(control, challenger, alpha):
    low, high = statistics.difference(control, challenger, alpha)
    p_value = statistics.p_value(control, challenger)
    value = (challenger.rate or 0) - (control.rate or 0)
    assert -1 <= low <= value <= high <= 1
    if p_value < 0.95 * alpha:
        assert not low < 0 < high
    elif p_value > 1.05 * alpha:
        assert low < 0 < high
    mirrored = statistics.difference(challenger, control, alpha)
    assert mirrored == pytest.approx((-high, -low), abs=1e-6)


def stops(chances: tuple[float, float], sessions: int, seed: int, verdict) -> bool:
    """Whether somebody who looks after every session ever sees a difference."""
    draw = random.Random(seed)
    counts = [[0, 0], [0, 0]]
    for _ in range(sessions):
        arm = draw.randrange(2)
        counts[arm][draw.random() >= chances[arm]] += 1
        if min(map(sum, counts)) >= 10 and verdict(*(Counts(*count) for count in counts)):
            return True
    return False


def share_of_stops(chances: tuple[float, float], verdict, runs: int = 300, sessions: int = 400) -> float:
    return sum(stops(chances, sessions, seed, verdict) for seed in range(runs)) / runs


@pytest.mark.parametrize("chance", [0.5, 0.1, 0.98])
def test_who_looks_after_every_session_is_seldom_fooled(chance):
    found = share_of_stops((chance, chance), lambda a, b: statistics.p_value(a, b) <= ALPHA)
    assert found <= ALPHA


def test_the_same_looks_fool_who_uses_the_fixed_horizon_figure():
    found = share_of_stops((0.5, 0.5), lambda a, b: statistics.fisher(a, b) <= ALPHA, runs=100)
    assert found > 2 * ALPHA


def test_a_difference_that_is_there_is_found():
    found = share_of_stops((0.4, 0.7), lambda a, b: statistics.p_value(a, b) <= ALPHA, runs=60)
    assert found > 0.95


@pytest.mark.parametrize("difference", [0.0, 0.2])
def test_the_interval_never_loses_the_truth(difference):
    chances = (0.4, 0.4 + difference)

    def lost(control, challenger):
        if (control.total + challenger.total) % 20:
            return False
        low, high = statistics.difference(control, challenger, ALPHA)
        return not low <= difference <= high

    assert share_of_stops(chances, lost, runs=100, sessions=300) <= ALPHA


def test_one_chance_at_any_time():
    def lost(_, counts):
        low, high = statistics.chance(counts, ALPHA)
        return counts.total % 10 == 0 and not low <= 0.3 <= high

    assert share_of_stops((0.5, 0.3), lost, runs=100) <= ALPHA
    found = share_of_stops((0.5, 0.5), lambda _, won: statistics.p_value_of_half(won) <= ALPHA)
    assert found <= ALPHA


def test_nothing_seen_says_nothing():
    nothing = Counts()
    assert statistics.p_value(nothing, nothing) == statistics.fisher(nothing, nothing) == 1
    assert statistics.difference(nothing, nothing, ALPHA) == (-1, 1)
    assert statistics.chance(nothing, ALPHA) == (0, 1)
    assert nothing.rate is None
