"""The test that may be looked at any time: what it promises to whoever looks after every session."""

import math
import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from flowbuilder.abtests import sequential
from flowbuilder.abtests.sequential import BLOCK, GRID, Block, compare

ALPHA = 0.05
OUTCOMES = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=150)
Chance = Callable[[int], float]


def steady(chance: float) -> Chance:
    return lambda number: chance


def drifting(number: int) -> float:
    """Good hours and bad hours."""
    return 0.2 + 0.6 * (number // 60 % 2)


def sessions(
    control: Chance, challenger: Chance, share: float, count: int, seed: int
) -> Iterator[tuple[bool, bool]]:
    draw = random.Random(seed)
    for number in range(count):
        theirs = draw.random() < share
        yield theirs, draw.random() < (challenger if theirs else control)(number)


def looks(outcomes: list[tuple[bool, bool]], log_odds: float = 0.0) -> np.ndarray:
    """The p-value of that odds ratio after every block."""
    blocks = list(sequential._blocks(outcomes))
    if not blocks:
        return np.ones(1)
    sums = np.cumsum([sequential._on_grid(block) for block in blocks], axis=0)
    mixed = special.logsumexp(sums, axis=1, b=np.array(sequential.WEIGHTS) / sum(sequential.WEIGHTS))
    null = np.cumsum([sequential._log_chance(block, log_odds) for block in blocks])
    return np.minimum(1, np.exp(null - mixed))


@settings(max_examples=40)
@given(OUTCOMES)
def test_a_look_says_what_its_definition_says(outcomes):
    found = compare(outcomes, ALPHA)
    assert found.p_value == pytest.approx(looks(outcomes)[-1])
    for edge in (found.low, found.high):
        if abs(edge) < sequential.WIDEST:
            assert looks(outcomes, edge)[-1] == pytest.approx(ALPHA, rel=1e-3)
    if found.p_value < 0.95 * ALPHA:
        assert not found.low < 0 < found.high
    elif found.p_value > 1.05 * ALPHA:
        assert found.low < 0 < found.high


@settings(max_examples=40)
@given(OUTCOMES)
def test_who_is_called_the_challenger_changes_the_sign_only(outcomes):
    one, other = compare(outcomes, ALPHA), compare([(not theirs, good) for theirs, good in outcomes], ALPHA)
    assert one.p_value == pytest.approx(other.p_value)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-6)


@given(st.integers(1, 9), st.integers(1, 9), st.data(), st.floats(-2, 2))
def test_a_block_s_chances_are_scipy_s(control, challenger, data, log_odds):
    good = data.draw(st.integers(0, control + challenger))
    better = data.draw(st.integers(max(0, good - control), min(good, challenger)))
    expected = stats.nchypergeom_fisher(control + challenger, challenger, good, math.exp(log_odds)).logpmf(
        better
    )
    found = sequential._log_chance(Block(control, challenger, good, better), log_odds)
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("share", [0.5, 0.1])
@pytest.mark.parametrize("chance", [steady(0.5), steady(0.05), steady(0.97), drifting])
def test_who_looks_after_every_session_is_seldom_fooled(chance, share):
    runs, count = 200, 600
    fooled = [
        looks(list(sessions(chance, chance, share, count, seed))).min() <= ALPHA for seed in range(runs)
    ]
    assert np.mean(fooled) <= ALPHA


@pytest.mark.parametrize(("control", "challenger"), [(0.4, 0.6), (0.9, 0.8)])
def test_the_interval_never_loses_the_truth(control, challenger):
    truth = math.log(challenger / (1 - challenger)) - math.log(control / (1 - control))
    lost = [
        looks(list(sessions(steady(control), steady(challenger), 0.4, 600, seed)), truth).min() <= ALPHA
        for seed in range(200)
    ]
    assert np.mean(lost) <= ALPHA


def test_a_difference_is_found_about_as_soon_as_by_a_test_of_fixed_size():
    """30 % against 36 %: with its size fixed before, a test needs 960 sessions an arm to find it four times in five."""
    needed = []
    for seed in range(40):
        outcomes = list(sessions(steady(0.3), steady(0.36), 0.5, 8000, seed))
        found = looks(outcomes) <= ALPHA
        needed.append(int(found.argmax()) * len(outcomes) / len(found) if found.any() else 8000)
    assert np.median(needed) < 2 * 1400


def test_it_sees_through_the_drift_that_fools_who_adds_everything_up():
    """More of the traffic goes to the challenger in good hours: all added up, it looks better than it is."""
    draw = random.Random(4)
    outcomes = []
    for hour in range(20):
        good_hour = hour % 2
        for _ in range(100):
            theirs = draw.random() < (0.7 if good_hour else 0.3)
            outcomes.append((theirs, draw.random() < (0.8 if good_hour else 0.2)))
    rates = [np.mean([good for theirs, good in outcomes if theirs == arm]) for arm in (False, True)]
    assert rates[1] - rates[0] > 0.15
    assert compare(outcomes, ALPHA).p_value > 0.2


def test_nothing_seen_says_nothing():
    for outcomes in ([], [(True, True)] * 1000, [(False, False)] * BLOCK):
        found = compare(outcomes, ALPHA)
        assert (found.p_value, found.low, found.high) == (1, -sequential.WIDEST, sequential.WIDEST)
    assert sequential.points(0, 0.3) == pytest.approx(0) and GRID[len(GRID) // 2] == 0
    assert sequential.points(math.log(1.5), 0.5) == pytest.approx(0.1)
