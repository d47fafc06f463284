"""A head's attention as squares, drawn on the server: rows ask, columns are looked at."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CELL = 18
LABEL = 92
"""Room for the tokens beside and above the map."""
FAINT = 3
"""Of 255: weights below are not drawn."""
HALF = "\ufffd"
"""Stands where bytes are no whole letter."""
LONGEST = 12
"""Letters of a token that stand beside the map."""


@dataclass(frozen=True)
class Square:
    x: int
    y: int
    strength: float
    title: str


@dataclass(frozen=True)
class Heat:
    squares: list[Square]
    rows: list[tuple[int, str]]
    """Where each label stands, and what it says."""
    columns: list[tuple[int, str]]
    width: int
    height: int
    cell: int = CELL
    label: int = LABEL


def drawn(attention: dict[str, Any], kind: str, layer: int, head: int) -> Heat:
    """One head of one layer of a map, of a look for ``attention``."""
    found = next(each for each in attention["maps"] if each["name"] == kind)
    weights = next(each["weights"] for each in found["layers"] if each["layer"] == layer)
    size = found["rows"] * found["columns"]
    numbers = base64.b64decode(weights)[head * size : (head + 1) * size]
    written, read = attention.get("written"), attention["tokens"]
    asking = read if kind == "encoder" or not written else written
    looked_at = written if written and kind == "decoder" else read
    return heat(numbers, [shown(token) for token in asking], [shown(token) for token in looked_at])


def heat(numbers: bytes, rows: Sequence[str], columns: Sequence[str]) -> Heat:
    squares = [
        Square(
            LABEL + x * CELL,
            LABEL + y * CELL,
            round(number / 255, 3),
            f"{rows[y]} → {columns[x]}: {number / 255:.0%}",
        )
        for place, number in enumerate(numbers)
        if number >= FAINT
        for y, x in (divmod(place, len(columns)),)
    ]
    down = [(LABEL + y * CELL, label) for y, label in enumerate(rows)]
    across = [(LABEL + x * CELL, label) for x, label in enumerate(columns)]
    return Heat(squares, down, across, LABEL + len(columns) * CELL, LABEL + len(rows) * CELL)


def shown(token: dict[str, Any]) -> str:
    """What a token says, or its own piece where that cannot be seen, as of half a letter; spaces and ends of lines as signs."""
    text = token["text"].replace("\n", "⏎").replace(" ", "·")
    if not text or not text.isprintable() or HALF in text:
        text = token["piece"]
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
