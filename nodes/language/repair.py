"""Reads what a model wrote as a record, also when it was cut off, and mends it field by field."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from nodes.mock.records import Mended, mend

CUT_NUMBER = re.compile(r"[:,\[]\s*-?[\d.eE+-]+\s*$")
"""A number at the very end may have had more digits."""


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
    record, mended = mend(said, schema, seed=seed)
    return Repaired(record, tuple(mended), cut_off)


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
