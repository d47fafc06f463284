"""Each alarm on figures that were made for it, and none on those of a training that goes well."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.training.recipes.alarms import WINDOW, Alarms, correlation


def kinds(*steps: dict[str, float]) -> list[str]:
    alarms = Alarms()
    return [alarm.kind for figures in steps for alarm in alarms.seen(figures)]


def drifting(count: int = 60, **ends: tuple[float, float]) -> list[dict[str, float]]:
    """Figures that go evenly from one end to the other."""
    return [
        {name: low + (high - low) * step / (count - 1) for name, (low, high) in ends.items()}
        for step in range(count)
    ]


def test_a_training_that_goes_well_is_silent():
    rng = random.Random(0)
    steps = drifting(100, reward=(0.3, 0.8), kl=(0.0, 0.2), entropy=(1.0, 0.6), repeated=(0.02, 0.05))
    assert kinds(*[{**figures, "length": 40 + rng.uniform(-4, 4)} for figures in steps]) == []


@pytest.mark.parametrize(
    ("ends", "kind"),
    [
        ({"kl": (0.0, 3.0)}, "kl_blow_up"),
        ({"reward": (0.5, 0.5), "length": (40, 90)}, "length_drift"),
        ({"reward": (0.5, 0.5), "length": (40, 10)}, "length_drift"),
        ({"reward": (0.5, 0.5), "repeated": (0.0, 0.6)}, "repetition"),
        ({"reward": (0.5, 0.5), "entropy": (1.0, 0.01)}, "entropy_collapse"),
        ({"reward": (0.5, 0.5), "reward/learned": (0.3, 0.8), "reward/exact": (0.6, 0.2)}, "reward_hacking"),
        ({"reward": (0.3, 0.8), "length": (40, 58)}, "reward_hacking"),
    ],
)
def test_what_goes_wrong_is_told_once(ends, kind):
    assert kinds(*drifting(100, **ends)) == [kind]


@pytest.mark.parametrize(
    "ends",
    [
        {"entropy": (1.0, 0.01), "loss": (3.0, 0.1)},  # demonstrations are learned: it is meant to be sure
        {"reward": (0.5, 0.5), "length": (3, 9)},  # few tokens more
        {"reward": (0.3, 0.8), "reward/learned": (0.3, 0.8), "reward/exact": (0.3, 0.8)},
        {"reward": (0.8, 0.3), "length": (40, 55)},  # longer, and no better for it
    ],
)
def test_what_only_looks_alike_is_no_alarm(ends):
    assert kinds(*drifting(100, **ends)) == []


@given(st.lists(st.dictionaries(st.sampled_from(["kl", "reward", "length"]), st.floats(0, 100)), max_size=60))
def test_no_kind_is_told_twice_and_nothing_breaks_on_any_figures(steps):
    told = kinds(*steps)
    assert len(told) == len(set(told))
    assert not told or len(steps) >= WINDOW


def test_a_single_step_raises_no_alarm():
    assert kinds(*drifting(30, kl=(0.1, 0.1)), {"kl": 5.0}) == []


def test_figures_that_do_not_change_are_not_correlated():
    assert correlation([1.0, 1.0], [1.0, 2.0]) == 0.0
    assert correlation([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]) == pytest.approx(1.0)
