"""One generation of an embedded index: the files of one folder, which a single transaction moves from state to state.

Every passage that is put gets the next *slot*; a slot is never written twice. What stands behind ``state.slots`` in the
flat files is the rest of a write that was cut off, and is written over. A passage that goes or changes leaves a dead slot.

    index.sqlite3   the state, the dead slots, where each passage stands, the words' postings
    passages.bin    of each slot the passage's id, how many words it has, whether it has a vector
    vectors.f16     of each slot its vector (zeros where it has none)
    graph-N.usearch the vectors of the first N slots as a graph (``graph.py``)
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flowbuilder.knowledge.index.embedded.postings import add_postings
from flowbuilder.knowledge.index.outbox import Entry

RECORD = np.dtype([("id", "<i8"), ("length", "<i4"), ("has_vector", "<i4")])
BUSY_SECONDS = 30
CACHE_KB = 32_768
SCHEMA = """
    PRAGMA page_size = 16384;
    PRAGMA journal_mode = WAL;
    CREATE TABLE state (
        embedder TEXT NOT NULL, dimensions INT NOT NULL DEFAULT 0, slots INT NOT NULL DEFAULT 0,
        living INT NOT NULL DEFAULT 0, total_length INT NOT NULL DEFAULT 0, taken INT NOT NULL,
        filled_to INT NOT NULL DEFAULT 0, complete INT NOT NULL DEFAULT 0,
        graph_slots INT NOT NULL DEFAULT 0, graph_size INT NOT NULL DEFAULT 0, graph_seal TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE places (passage_id INTEGER PRIMARY KEY, slot INT NOT NULL);
    CREATE TABLE dead (number INTEGER PRIMARY KEY, slot INT NOT NULL);
    CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
    CREATE TABLE postings (key INTEGER PRIMARY KEY, slots BLOB NOT NULL, counts BLOB NOT NULL);
"""


class Damaged(Exception):
    """Its files are missing or not what they should be: a new generation has to be made."""


@dataclass(frozen=True)
class State:
    embedder: str
    dimensions: int
    """0 until the first vector."""
    slots: int
    living: int
    total_length: int
    """Words of all living passages."""
    taken: int
    """The last ``IndexChange`` that is in it."""
    filled_to: int
    """Until it is complete: the last passage that was read from the rows."""
    complete: int
    graph_slots: int
    graph_size: int
    graph_seal: str

    @property
    def dead(self) -> int:
        return self.slots - self.living


class Generation:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "index.sqlite3").is_file():
            raise Damaged(f"{folder.name} has no index.sqlite3")
        self.database = sqlite3.connect(
            folder / "index.sqlite3", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self.database.execute("PRAGMA synchronous = NORMAL")
        self.database.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        self.database.execute(f"PRAGMA journal_size_limit = {1024 * CACHE_KB}")
        state = self.state()
        for name, size in (("passages.bin", RECORD.itemsize), ("vectors.f16", 2 * state.dimensions)):
            if (folder / name).stat().st_size < state.slots * size:
                raise Damaged(f"{name} of {folder.name} is too short")

    @staticmethod
    def create(folder: Path, *, embedder: str, taken: int) -> Generation:
        """An empty one, to be filled from the rows; ``taken`` is the newest change from before it began."""
        unfinished = folder.with_name(f"part-{folder.name}")
        unfinished.mkdir(parents=True)
        database = sqlite3.connect(unfinished / "index.sqlite3", isolation_level=None)
        database.executescript(SCHEMA)
        database.execute("INSERT INTO state (embedder, taken) VALUES (?, ?)", (embedder, taken))
        database.close()
        for name in ("passages.bin", "vectors.f16"):
            (unfinished / name).touch()
        unfinished.rename(folder)
        return Generation(folder)

    def state(self) -> State:
        names = State.__dataclass_fields__
        row = self.database.execute(f"SELECT {', '.join(names)} FROM state").fetchone()  # noqa: S608
        if row is None:
            raise Damaged(f"{self.folder.name} has no state")
        return State(*row)

    @contextmanager
    def reading(self) -> Iterator[State]:
        """All that is read inside is of this one state."""
        self.database.execute("BEGIN")
        try:
            yield self.state()
        finally:
            self.database.execute("COMMIT")

    def fill(self, entries: list[Entry], filled_to: int, *, complete: bool) -> None:
        """Passages as they are read from the rows, in the order of their ids."""
        with self._writing() as state:
            moved = self._replace(state, {entry.passage_id for entry in entries}, entries)
            self._move(moved | {"filled_to": filled_to, "complete": int(complete)})

    def take(self, changed: list[int], entries: list[Entry], taken: int) -> None:
        """Of the passages that changed, ``entries`` are those that can be found from now on."""
        with self._writing() as state:
            self._move(self._replace(state, set(changed), entries) | {"taken": taken})

    def use_graph(self, slots: int, size: int, seal: str) -> None:
        with self._writing():
            self._move({"graph_slots": slots, "graph_size": size, "graph_seal": seal})

    def close(self) -> None:
        self.database.close()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[State]:
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.state()
            self.database.execute("COMMIT")
        except BaseException:
            self.database.execute("ROLLBACK")
            raise

    def _replace(self, state: State, going: set[int], entries: list[Entry]) -> dict[str, int]:
        """The new figures of the state. The flat files reach the disk before the transaction does."""
        dead, their_length = self._bury(state, going)
        dimensions = state.dimensions or next((len(e.vector) // 2 for e in entries if e.vector), 0)
        records = np.zeros(len(entries), dtype=RECORD)
        vectors = np.zeros((len(entries), dimensions), dtype=np.float16)
        for row, entry in enumerate(entries):
            fits = entry.vector is not None and dimensions and len(entry.vector) == 2 * dimensions
            records[row] = (entry.passage_id, len(entry.words), int(bool(fits)))
            if fits and entry.vector is not None:
                vectors[row] = np.frombuffer(entry.vector, dtype=np.float16)
        if entries:
            _write_behind(self.folder / "passages.bin", state.slots * RECORD.itemsize, records)
            _write_behind(self.folder / "vectors.f16", state.slots * 2 * dimensions, vectors)
            self.database.executemany(
                "INSERT INTO places VALUES (?, ?)",
                ((entry.passage_id, state.slots + row) for row, entry in enumerate(entries)),
            )
            add_postings(self.database, state.slots, [entry.words for entry in entries])
        return {
            "dimensions": dimensions,
            "slots": state.slots + len(entries),
            "living": state.living - dead + len(entries),
            "total_length": state.total_length - their_length + int(records["length"].sum()),
        }

    def _bury(self, state: State, going: set[int]) -> tuple[int, int]:
        """How many of the passages stood here, and how many words they had."""
        found = [
            slot
            for passage_id in going
            for (slot,) in self.database.execute(
                "SELECT slot FROM places WHERE passage_id = ?", (passage_id,)
            )
        ]
        if not found:
            return 0, 0
        self.database.executemany("DELETE FROM places WHERE passage_id = ?", ((each,) for each in going))
        self.database.executemany("INSERT INTO dead (slot) VALUES (?)", ((slot,) for slot in found))
        records = np.memmap(self.folder / "passages.bin", dtype=RECORD, mode="r", shape=(state.slots,))
        return len(found), int(records["length"][found].sum())

    def _move(self, fields: Mapping[str, int | str]) -> None:
        assignments = ", ".join(f"{name} = :{name}" for name in fields)
        self.database.execute(f"UPDATE state SET {assignments}", fields)  # noqa: S608


def _write_behind(path: Path, offset: int, rows: np.ndarray) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.ftruncate(descriptor, offset)
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.seek(offset)
            file.write(rows.tobytes())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
