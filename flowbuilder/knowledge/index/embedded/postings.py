"""Which passages have which words, and how often: chunks of numpy arrays in a table of SQLite.

A chunk's key is the word's id and the first of its slots, so a word's chunks lie side by side and in the order of slots.
A short chunk is written again with what is added, so that a word's chunks stay few however small the changes are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain

import numpy as np

SHORT = 64
SLOT_BITS = 32
ASKED_AT_ONCE = 500
MOST = np.iinfo(np.uint16).max
"""A word that a passage has more often counts so often: BM25 has long levelled off."""


def add_postings(database: sqlite3.Connection, first_slot: int, passages: list[list[str]]) -> None:
    """The words of the passages in the slots from ``first_slot``, which all lie behind those that are known."""
    vocabulary: dict[str, int] = {}
    numbers = np.fromiter(
        (vocabulary.setdefault(word, len(vocabulary)) for word in chain.from_iterable(passages)),
        dtype=np.int64,
    )
    if not len(numbers):
        return
    rows = np.repeat(np.arange(len(passages)), [len(words) for words in passages])
    pairs, counts = np.unique(numbers * len(passages) + rows, return_counts=True)
    slots = (first_slot + pairs % len(passages)).astype("<u4")
    counts = np.minimum(counts, MOST).astype("<u2")
    starts = np.flatnonzero(np.diff(pairs // len(passages), prepend=-1))
    ends = [*starts[1:], len(pairs)]
    ids = ids_of(database, list(vocabulary), add=True)
    # In the order in which they lie in the table: it is gone through once.
    for number, start, end in sorted(zip((ids[word] for word in vocabulary), starts, ends, strict=True)):
        _append(database, number << SLOT_BITS, slots[start:end], counts[start:end])


def _append(database: sqlite3.Connection, base: int, slots: np.ndarray, counts: np.ndarray) -> None:
    last = database.execute(
        "SELECT key, slots, counts FROM postings WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1",
        (base, base + (1 << SLOT_BITS) - 1),
    ).fetchone()
    if last is not None and len(last[1]) < SHORT * slots.itemsize:
        key, earlier, their_counts = last
        longer = (earlier + slots.tobytes(), their_counts + counts.tobytes(), key)
        database.execute("UPDATE postings SET slots = ?, counts = ? WHERE key = ?", longer)
    else:
        chunk = (base + int(slots[0]), slots.tobytes(), counts.tobytes())
        database.execute("INSERT INTO postings VALUES (?, ?, ?)", chunk)


def ids_of(database: sqlite3.Connection, words: list[str], *, add: bool = False) -> dict[str, int]:
    if add:
        database.executemany("INSERT OR IGNORE INTO words (word) VALUES (?)", ((word,) for word in words))
    found: dict[str, int] = {}
    for start in range(0, len(words), ASKED_AT_ONCE):
        some = words[start : start + ASKED_AT_ONCE]
        marks = ", ".join("?" * len(some))
        found |= dict(database.execute(f"SELECT word, id FROM words WHERE word IN ({marks})", some))  # noqa: S608
    return found


def postings_of(
    database: sqlite3.Connection, words: list[str]
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Of each word that is known: the slots that have it, ascending, and how often each does."""
    for word, number in sorted(ids_of(database, words).items()):
        base = number << SLOT_BITS
        chunks = database.execute(
            "SELECT slots, counts FROM postings WHERE key BETWEEN ? AND ? ORDER BY key",
            (base, base + (1 << SLOT_BITS) - 1),
        ).fetchall()
        yield (
            word,
            np.frombuffer(b"".join(slots for slots, _ in chunks), dtype="<u4"),
            np.frombuffer(b"".join(counts for _, counts in chunks), dtype="<u2"),
        )
