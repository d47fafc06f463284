"""Regular expressions of JavaScript as Python's."""

from __future__ import annotations

import re

from flowbuilder.importing.javascript.syntax import Untranslatable

CLASSES = {"\\w": "A-Za-z0-9_", "\\d": "0-9"}
OF_ITS_OWN = re.compile(r"\(\?<[A-Za-z]|\\[pP]\{|\\k<")


def as_python(pattern: str) -> str:
    """Errors: ``Untranslatable``."""
    if OF_ITS_OWN.search(pattern):
        raise Untranslatable(f"the pattern '{pattern[:60]}' is written in a way of its own")
    found = ascii_classes(pattern)
    try:
        re.compile(found)
    except re.error as error:
        raise Untranslatable(f"the pattern '{pattern[:60]}' cannot be read") from error
    return found


def ascii_classes(pattern: str) -> str:
    """Letters and digits as JavaScript counts them: of ASCII alone."""
    inside = False
    pieces = []
    for piece in re.findall(r"\\.|.", pattern, re.DOTALL):
        inside = (inside or piece == "[") and piece != "]"
        plain = CLASSES.get(piece.lower(), "") if piece[:1] == "\\" else ""
        if plain and (piece.islower() or not inside):
            pieces.append(plain if inside else f"[{plain if piece.islower() else f'^{plain}'}]")
        else:
            pieces.append(piece)
    return "".join(pieces)
