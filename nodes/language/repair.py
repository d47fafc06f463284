"""Reads what a model wrote as a record, also when it was cut off, and mends it field by field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from nodes.mock.records import Mended, mend

CUT_NUMBER = re.compile(r"[:,\[]\s*-?[\d.eE+-]+\s*$")
"""A number at the very end may have had more digits."""
STUCK = re.compile(r"([^\W\d_]{1,4}?)\1{5,}")
"""Six times the same letters: a small model that found no way on, not a value."""


@dataclass(frozen=True)
class Repaired:
    record: Any
    mended: tuple[Mended, ...]
    """The places that were changed or filled, each with the reason."""
    cut_off: bool
    """The text ended before its record did."""


def repaired(text: str, schema: dict[str, Any], *, seed: int) -> Repaired:
    """The record that the text holds, with what breaks its schema mended; ``Unsatisfiable`` where nothing fits it."""
    said, cut_off = read(text)
    stuck = list(_take_stuck(said))
    record, mended = mend(said, schema, seed=seed)
    told = {each.field: each for each in mended} | {each.field: each for each in stuck}
    return Repaired(record, tuple(told.values()), cut_off)


def _take_stuck(said: Any, where: tuple[str, ...] = ()) -> Iterator[Mended]:
    """Takes out fields whose text repeats itself, so that what must be there is made anew."""
    fields = said if isinstance(said, dict) else {}
    for name, value in list(fields.items()):
        if isinstance(value, str) and STUCK.search(value):
            del fields[name]
            yield Mended(".".join((*where, name)), f"it repeats itself: '{value[:40]}'")
        yield from _take_stuck(value, (*where, name))


def read(text: str) -> tuple[Any, bool]:
    """What stands in the text, and whether it was cut off: then with only those values that were complete."""
    text = text.strip()
    try:
        return from_json(text, allow_inf_nan=False), False
    except ValueError:
        pass
    start = text.find("{")
    begun = text[start:] if start >= 0 else ""
    if CUT_NUMBER.search(begun):
        begun = re.sub(r"[,\s]*(\"(?:[^\"\\]|\\.)*\"\s*:)?\s*-?[\d.eE+-]+\s*$", "", begun)
    try:
        return from_json(begun, allow_partial=True, allow_inf_nan=False), True
    except ValueError:
        return {}, True
