"""How far a record is built, and what is said where none can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

NOTHING: Any = object()
"""No hint."""
STEPS = 20_000
"""Values made, with all that were thrown away, before it is given up."""
SECONDS = 5.0
"""As long may one record take: a pattern can be slow to check."""
TRIES = 24
DEEP = 6
"""From this depth on only what must be there is made."""
DEEPEST = 48
MOST_ITEMS = 2000
LONGEST_TEXT = 100_000
USUAL_ITEMS = 3
OPTIONAL = (0.85, 0.5, 1.0, 0.0)
"""How likely an optional key is there, in one try after the other."""


class Unsatisfiable(ValueError):
    """No value was found; the message names the place and the rule."""


class Dead(Exception):
    """A place for which nothing was found."""

    def __init__(self, where: Sequence[str | int], why: str, deep: bool = False) -> None:
        super().__init__(why)
        self.where = tuple(where)
        self.why = why
        self.deep = deep
        """It lies too deep, not in the rules: elsewhere the same schema may do."""
