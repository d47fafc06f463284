"""The figures of A/B tests: against scipy, and against what they promise to whoever keeps looking."""

import random

import pytest
from hypothesis import given
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


def test_fixed_horizon_figures_fool_who_looks_after_every_session():
    found = share_of_stops((0.5, 0.5), lambda a, b: statistics.fisher(a, b) <= ALPHA, runs=40, sessions=250)
    assert found > 2 * ALPHA


def test_one_chance_at_any_time():
    def lost(_, counts):
        low, high = statistics.chance(counts, ALPHA)
        return counts.total % 10 == 0 and not low <= 0.3 <= high

    assert share_of_stops((0.5, 0.3), lost, runs=100) <= ALPHA
    found = share_of_stops((0.5, 0.5), lambda _, won: statistics.p_value_of_half(won) <= ALPHA)
    assert found <= ALPHA


def test_nothing_seen_says_nothing():
    nothing = Counts()
    assert statistics.fisher(nothing, nothing) == 1
    assert statistics.chance(nothing, ALPHA) == (0, 1)
    assert nothing.rate is None
