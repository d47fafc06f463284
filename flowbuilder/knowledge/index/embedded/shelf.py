"""A base's folder: its generations, and a link ``current`` to the one that answers."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flowbuilder.knowledge.index.catching_up import is_over
from flowbuilder.knowledge.index.embedded import graph
from flowbuilder.knowledge.index.embedded.generation import Damaged, Generation

WAIT = 0.02


@dataclass(frozen=True)
class FolderShelf:
    folder: Path

    @property
    def link(self) -> Path:
        return self.folder / "current"

    @contextlib.contextmanager
    def locked(self, deadline: float | None) -> Iterator[bool]:
        """Whether this process may write: False where another one still does at the deadline."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder.with_suffix(".lock"), "w") as lock:
            yield _take(lock.fileno(), deadline)

    def current(self) -> Generation | None:
        return _readable(self.link)

    def begun(self) -> Iterator[Generation]:
        answering = self.link.resolve()
        for path in sorted(self.folder.glob("[0-9]*")):
            if path == answering:
                continue
            if generation := _readable(path):
                yield generation
            else:
                shutil.rmtree(path, ignore_errors=True)

    def begin(self, embedder: str, taken: int) -> Generation:
        return Generation.create(self.folder / f"{time.time_ns()}", embedder=embedder, taken=taken)

    def switch_to(self, generation: Generation) -> None:
        link = self.folder / f"link-{uuid.uuid4().hex}"
        link.symlink_to(generation.folder.name)
        link.rename(self.link)
        for path in self.folder.iterdir():
            if path.name.startswith("link-"):
                path.unlink(missing_ok=True)
            elif path not in (self.link, generation.folder):
                shutil.rmtree(path, ignore_errors=True)


def _readable(path: Path) -> Generation | None:
    try:
        generation = Generation(path.resolve(strict=True))
        state = generation.state()
        if state.graph_slots:
            graph.check(generation.folder, state)
    except (Damaged, OSError, sqlite3.Error):
        return None
    return generation


def _take(descriptor: int, deadline: float | None) -> bool:
    if deadline is None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if is_over(deadline):
                return False
            time.sleep(WAIT)
