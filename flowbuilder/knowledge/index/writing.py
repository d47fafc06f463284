"""How an embedded index takes in what has changed.

A base's folder holds generations (``generation.py``) and a link ``current`` to the one that answers. Another one is made
where that is damaged, has missed changes, is of another embedder or mostly dead; one that can still answer does so until the
other is whole. Whoever writes holds the base's lock. Every slice is one transaction, so that who is killed between any two
steps leaves what the next one goes on from.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from flowbuilder.knowledge.index import graph, outbox
from flowbuilder.knowledge.index.generation import Damaged, Generation, State

CURRENT = "current"
SLICE, LARGE_SLICE = 1_000, 10_000
"""Passages at once, where somebody waits and where nobody does."""
MOSTLY_DEAD = 0.5
WAIT = 0.02


@contextlib.contextmanager
def locked(folder: Path, deadline: float | None) -> Iterator[bool]:
    """Whether this process may write: False where another one still does at the deadline."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        yield _take(lock.fileno(), deadline)


def _take(descriptor: int, deadline: float | None) -> bool:
    if deadline is None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if _is_over(deadline):
                return False
            time.sleep(WAIT)


def is_outdated(state: State, embedder: str) -> bool:
    return state.embedder != embedder or state.dead > max(LARGE_SLICE, MOSTLY_DEAD * state.slots)


def catch_up(base_id: uuid.UUID, folder: Path, embedder: str, deadline: float | None) -> bool:
    """Call it with the lock held. False where the deadline came first."""
    generation = _readable(folder / CURRENT)
    if generation is None:
        # Nothing answers: what is read so far is better.
        generation = _another(base_id, folder, embedder)
        _switch_to(generation, folder)
    elif is_outdated(generation.state(), embedder) or not outbox.is_gapless(
        base_id, generation.state().taken
    ):
        generation.close()
        generation = _another(base_id, folder, embedder)
        if _fill(base_id, generation, deadline):
            _switch_to(generation, folder)
    with contextlib.closing(generation):
        return _fill(base_id, generation, deadline) and _take_changes(base_id, generation, deadline)


def _fill(base_id: uuid.UUID, generation: Generation, deadline: float | None) -> bool:
    """From the rows: one that was cut off goes on where it was."""
    limit = LARGE_SLICE if deadline is None else SLICE
    while not (state := generation.state()).complete:
        if _is_over(deadline):
            return False
        entries = outbox.entries_behind(base_id, state.filled_to, limit)
        filled_to = entries[-1].passage_id if entries else state.filled_to
        generation.fill(entries, filled_to, complete=len(entries) < limit)
    return True


def _take_changes(base_id: uuid.UUID, generation: Generation, deadline: float | None) -> bool:
    while True:
        changed, taken = outbox.changed_after(base_id, generation.state().taken, SLICE)
        if not changed:
            return True
        if _is_over(deadline):
            return False
        generation.take(changed, outbox.entries(base_id, changed), taken)


def _another(base_id: uuid.UUID, folder: Path, embedder: str) -> Generation:
    """The one that somebody began beside the current one, where it is still of use; else a new one."""
    current = (folder / CURRENT).resolve()
    for path in sorted(folder.glob("[0-9]*")):
        if path == current:
            continue
        generation = _readable(path)
        if generation is not None:
            state = generation.state()
            if state.embedder == embedder and outbox.is_gapless(base_id, state.taken):
                return generation
            generation.close()
        shutil.rmtree(path, ignore_errors=True)
    return Generation.create(folder / f"{time.time_ns()}", embedder=embedder, taken=outbox.newest(base_id))


def _readable(path: Path) -> Generation | None:
    try:
        generation = Generation(path.resolve(strict=True))
        state = generation.state()
        if state.graph_slots:
            graph.check(generation.folder, state)
    except (Damaged, OSError, sqlite3.Error):
        return None
    return generation


def _switch_to(generation: Generation, folder: Path) -> None:
    link = folder / f"link-{uuid.uuid4().hex}"
    link.symlink_to(generation.folder.name)
    link.rename(folder / CURRENT)
    for path in folder.iterdir():
        if path.name.startswith("link-"):
            path.unlink(missing_ok=True)
        elif path.name != CURRENT and path != generation.folder:
            shutil.rmtree(path, ignore_errors=True)


def _is_over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() > deadline
