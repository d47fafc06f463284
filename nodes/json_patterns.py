"""Patterns of schemas, held against texts within a time. Compiling has no time limit of its own, so what it costs is counted first."""

from __future__ import annotations

from functools import lru_cache

import regex

SECONDS = 0.25
MOST_COPIES = 20_000
"""Parts that repeated parts are unfolded into when a pattern is compiled: ``((a{2}){1000}){1000}`` are two million."""
TIMES = regex.compile(r"\{(\d+)(?:,\d*)?\}")


def found(pattern: str, text: str) -> bool:
    """``regex.error`` where it is no pattern, or one too large; ``TimeoutError`` where it takes too long."""
    return compiled(pattern).search(text, timeout=SECONDS) is not None


@lru_cache(maxsize=2000)
def compiled(pattern: str) -> regex.Pattern[str]:
    if copies(pattern) > MOST_COPIES:
        raise regex.error(f"it repeats its parts more than {MOST_COPIES} times")
    return regex.compile(pattern)


def copies(pattern: str) -> int:
    """How many parts it consists of, each counted as often as it must stand there."""
    sums, last, position = [0], 0, 0
    while position < len(pattern):
        letter = pattern[position]
        times = TIMES.match(pattern, position) if letter == "{" else None
        if times:
            count = max(int(times[1][:9]), 1)
            sums[-1] += last * (count - 1)
            last *= count
            position = times.end()
            continue
        if letter == "(":
            sums.append(0)
        elif letter == ")" and len(sums) > 1:
            last = max(sums.pop(), 1)
            sums[-1] += last
        else:
            position = _end_of_part(pattern, position)
            last = 1
            sums[-1] += 1
            continue
        position += 1
    return sum(sums)


def _end_of_part(pattern: str, position: int) -> int:
    """Past an escape, a set of characters, or one character."""
    if pattern[position] == "\\":
        return position + 2
    if pattern[position] != "[":
        return position + 1
    position += 1
    while position < len(pattern) and pattern[position] != "]":
        position += 2 if pattern[position] == "\\" else 1
    return position + 1
