"""When a figure counts as standing still."""

from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.training.recipes.plateau import WINDOW, Plateau


def stops_at(values, patience, min_gain=0.0, **how) -> int | None:
    plateau = Plateau(patience, min_gain, **{"rising": True} | how)
    return next((step for step, value in enumerate(values, start=1) if plateau.seen(step, value)), None)


def test_it_stops_after_so_many_steps_without_a_gain():
    assert stops_at([float(step) for step in range(30)] + [29.0] * 100, patience=15) == 30 + WINDOW - 1 + 15


def test_a_falling_figure_gains_by_falling():
    assert stops_at([-float(step) for step in range(100)], patience=5, rising=False) is None
    assert stops_at([-float(step) for step in range(100)], patience=5) == WINDOW + 5


def test_a_gain_must_be_large_enough():
    assert stops_at([0.001 * step for step in range(100)], patience=10, min_gain=0.5) == WINDOW + 10


def test_what_is_measured_on_held_out_data_is_not_smoothed():
    assert stops_at([3.0, 2.0, 1.0, 1.0, 1.0], patience=2, rising=False, window=1) == 5


@given(st.lists(st.floats(-1e6, 1e6), max_size=80))
def test_a_patience_of_nought_never_stops(values):
    assert stops_at(values, patience=0) is None
