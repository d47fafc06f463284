"""Files that were written well, broken in one to four places: for what must not mind."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

ODD = (None, True, 7, -1.5, 10**30, "", "{{", "{{ x }}", "[", "{}", [], {}, [[]], {"__proto__": 1}, "a" * 5000, "\ud800", "\x00", [None], "$flow.state.", "</p>")  # fmt: skip


def paths_in(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    if isinstance(value, dict):
        for key, held in value.items():
            yield from paths_in(held, (*at, key))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from paths_in(held, (*at, number))


def mutated(data: Any, draw: Any, odd: Sequence[Any] = ODD) -> Any:
    """One to four places of it changed, taken away, or put in twice."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from([path for path in paths_in(data) if path] or [()]))
        if not path:
            return data
        place = data
        for key in path[:-1]:
            place = place[key]
        does = draw(st.sampled_from(["change", "remove", "repeat"]))
        if does == "remove":
            del place[path[-1]]
        elif does == "repeat" and isinstance(place, list):
            place.append(copy.deepcopy(place[path[-1]]))
        else:
            place[path[-1]] = copy.deepcopy(
                draw(st.sampled_from(odd))
            )  # what comes next may be changed in it
    return data
