"""Which of a question's words a passage has, and where they stand in its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flowbuilder.knowledge.words import HAN


def matched(asked: Iterable[str], held: Iterable[str]) -> list[str]:
    """The question's words in its order, each once."""
    known = set(held)
    return list(dict.fromkeys(word for word in asked if word in known))


def marked(text: str, found: Sequence[str]) -> list[dict[str, Any]]:
    """The text in parts, ``{"text", "on"}``: those that are one of the words are on."""
    # As `words` reads it, character for character: lower() alone may change the length.
    plain = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text).replace(
        "_", "-"
    )
    spans = sorted(span for word in found for span in _places(word, plain))
    parts: list[dict[str, Any]] = []
    done = 0
    for start, end in spans:
        if end <= done:
            continue
        start = max(start, done)
        if start > done:
            parts.append({"text": text[done:start], "on": False})
        if parts and parts[-1]["on"]:
            parts[-1]["text"] += text[start:end]
        else:
            parts.append({"text": text[start:end], "on": True})
        done = end
    if done < len(text):
        parts.append({"text": text[done:], "on": False})
    return parts


def _places(word: str, plain: str) -> list[tuple[int, int]]:
    edge = "" if HAN.search(word) else r"(?<![a-z0-9]){}(?![a-z0-9])"
    pattern = edge.format(re.escape(word)) if edge else re.escape(word)
    return [found.span() for found in re.finditer(pattern, plain)]
