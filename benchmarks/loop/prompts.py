"""Prompts for records of the delivery domain, in sets of fields that the shipped model was never trained on.

A quarter of those sets is held out here: neither raters nor recipes ever see them, only the measurement does.
"""

import zlib
from collections.abc import Iterator
from typing import Literal

from benchmarks.loop.taste import judged_fields
from flowbuilder.training.corpus.delivery import Example, examples

Side = Literal["practice", "held out"]
FIELDS = range(2, 6)
"""How many fields a prompt may ask for: short answers, so that hundreds are drawn in seconds."""
JUDGED = 2
"""Fields at least in which the raters have a taste: else there is little to choose between."""


def prompts(seed: int, side: Side, count: int) -> list[Example]:
    """``count`` different prompts of one side, the same for the same seed."""
    found: dict[str, Example] = {}
    for drawn in _drawn(seed, side):
        found.setdefault(drawn.prompt, drawn)
        if len(found) == count:
            break
    return list(found.values())


def held_out(asked: Example) -> bool:
    """By a hash of the record type and its set of fields: the same on whatever seed it is met."""
    return zlib.crc32(f"loop:{asked.record_type.combination}".encode()) % 4 == 0


def _drawn(seed: int, side: Side) -> Iterator[Example]:
    for drawn in examples(f"loop:{seed}:{side}", "known", "record"):
        fits = len(drawn.record_type.fields) in FIELDS and len(judged_fields(drawn)) >= JUDGED
        if fits and held_out(drawn) == (side == "held out"):
            yield drawn
