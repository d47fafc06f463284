"""What a rewrite changes, word by word: difflib over words, Chinese character by character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\{\{[^{}]*\}\}|[\u3400-\u9fff]|\w+|\s+|[^\w\s]")
MOST_WORDS = 6000
"""Beyond that the comparison takes seconds: the whole text counts as changed."""


@dataclass(frozen=True)
class Piece:
    kind: Literal["same", "gone", "new"]
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """Pieces of kind ``same`` and ``gone`` are the old text in order, ``same`` and ``new`` are the new one."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return _joined([Piece("gone", old), Piece("new", new)] if old != new else [Piece("same", old)])
    pieces = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
        else:
            pieces += [Piece("gone", "".join(before[i1:i2])), Piece("new", "".join(after[j1:j2]))]
    return _joined(pieces)


def _joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].kind == piece.kind:
            piece = Piece(piece.kind, joined.pop().text + piece.text)
        joined.append(piece)
    return joined
