"""Errors in the reader's language: written in English where they are raised and so kept; translated when they are shown.

Decision 18. The catalogue holds each as a pattern (``There is no flow '{name}'.``), found in the code by ``raised.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeGuard

from django.utils.translation import get_language
from django.utils.translation.trans_real import translation

CONTEXT = "error"
SHOWN = frozenset({"error", "message", "problem", "reason", "why", "refused"})
"""Where answers of the API say what is wrong."""
AS_IT_IS = frozenset({"inputs", "outputs", "graph", "content", "result", "arguments", "body", "draft"})
"""What people and their flows wrote."""
HOLE = re.compile(r"\{(\w+)\}")
BETWEEN = re.compile(r"(?<=[.!?;]) +|(?<=:) ")
"""Errors are put together of sentences, and named by what they are of."""
LONGEST = 4000
DEEPEST = 3


def said(text: Any, language: str | None = None) -> str:
    """The error in this language, or the one that is spoken now; what nobody translated as it stands."""
    text = str(text or "")
    language = language or get_language()
    if not is_translated(language) or not text or len(text) > LONGEST:
        return text
    return _phrases(language).translated(text) or text


def is_translated(language: str | None) -> TypeGuard[str]:
    return bool(language) and not str(language).startswith("en")


def in_answer(value: Any, language: str | None = None) -> Any:
    """All errors in what the API or a stream of events answers."""
    language = language or get_language()
    return _in_answer(value, "", language) if is_translated(language) else value


def _in_answer(value: Any, key: str, language: str) -> Any:
    if isinstance(value, str):
        return said(value, language) if key in SHOWN else value
    if isinstance(value, dict):
        return {
            name: each if name in AS_IT_IS else _in_answer(each, name, language)
            for name, each in value.items()
        }
    return [_in_answer(each, key, language) for each in value] if isinstance(value, list | tuple) else value


class Phrases:
    """The patterns of one language, those with most words of their own first."""

    def __init__(self, pairs: dict[str, str]) -> None:
        self.whole = {source: target for source, target in pairs.items() if not HOLE.search(source)}
        holed = [source for source in pairs if source not in self.whole]
        holed.sort(key=lambda source: -len(HOLE.sub("", source)))
        self.patterns = [(_anchor(source), _regex(source), pairs[source]) for source in holed]

    def translated(self, text: str, depth: int = 0) -> str | None:
        if text in self.whole:
            return self.whole[text]
        for anchor, regex, target in self.patterns:
            if anchor in text and (found := regex.fullmatch(text)):
                return HOLE.sub(
                    lambda hole, values=found.groupdict(): self._value(values, hole, depth), target
                )
        return self._by_parts(text, depth)

    def _value(self, values: dict[str, str], hole: re.Match[str], depth: int) -> str:
        value = values.get(f"h_{hole[1]}", hole[0])
        return (self.translated(value, depth + 1) if depth < DEEPEST else None) or value

    def _by_parts(self, text: str, depth: int) -> str | None:
        """Sentence by sentence, as far as they are known."""
        if depth >= DEEPEST or not (cut := BETWEEN.search(text)):
            return None
        first, rest = text[: cut.start()], text[cut.end() :]
        before, behind = self.translated(first, depth + 1), self.translated(rest, depth)
        if before is None and behind is None:
            return None
        gap = "" if before is not None and before[-1:] in "。；：！？" else cut[0]
        return (before or first) + gap + (behind or rest)


def _anchor(source: str) -> str:
    """The longest piece that stands between holes: a quick look before the slow one."""
    return max(HOLE.split(source)[::2], key=len)


def _regex(source: str) -> re.Pattern[str]:
    pieces = HOLE.split(source)
    parts = [
        re.escape(piece) if index % 2 == 0 else f"(?P<h_{piece}>.*?)" for index, piece in enumerate(pieces)
    ]
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=8)
def _phrases(language: str) -> Phrases:
    return Phrases(dict(_pairs(language)))


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    start = f"{CONTEXT}\x04"
    for key, text in translation(language)._catalog.items():  # type: ignore[attr-defined]
        if isinstance(key, str) and key.startswith(start) and text:
            yield key.removeprefix(start), text
