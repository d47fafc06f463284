"""Cards are moved apart, and what stood left of, above or in line with another still does."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.importing.spreading import Card, spread, touching

places = st.integers(-40, 40).map(lambda number: number * 20.0)
sizes = st.integers(2, 30).map(lambda number: number * 10.0)
cards = st.lists(
    st.tuples(places, places, sizes, sizes), min_size=1, max_size=25, unique_by=lambda row: row[:2]
)


def made(rows):
    return [Card(str(number), *row) for number, row in enumerate(rows)]


@given(cards)
def test_none_touches_another_and_the_order_of_places_stays(rows):
    before, after = made(rows), made(rows)
    spread(after)
    assert not touching(after)
    for (was, now), (was_other, now_other) in itertools.combinations(zip(before, after, strict=True), 2):
        for axis in ("x", "y"):
            then = getattr(was, axis) - getattr(was_other, axis)
            here = getattr(now, axis) - getattr(now_other, axis)
            assert (then > 0, then < 0) == (here > 0, here < 0)


@given(st.integers(2, 12))
def test_cards_in_one_place_come_to_stand_below_each_other(count):
    pile = [Card(str(number), 0, 0, 200, 100) for number in range(count)]
    spread(pile)
    assert not touching(pile) and {card.x for card in pile} == {0}


def test_what_has_room_stays_where_it_is():
    apart = [Card("a", 0, 0, 200, 100), Card("b", 300, 0, 200, 100), Card("c", 0, 200, 200, 100)]
    spread(apart)
    assert [(card.x, card.y) for card in apart] == [(0, 0), (300, 0), (0, 200)]
