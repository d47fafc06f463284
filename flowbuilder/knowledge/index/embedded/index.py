"""The index of an installation without pgvector: files of its own per base, which all processes of a machine share.

What answers is read here, without any lock between processes; ``catching_up.py`` and ``shelf.py`` are what changes it.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Set
from pathlib import Path

import numpy as np
from django.conf import settings

from flowbuilder.knowledge.index import catching_up, outbox
from flowbuilder.knowledge.index.embedded import graph
from flowbuilder.knowledge.index.embedded.generation import Damaged, Generation
from flowbuilder.knowledge.index.embedded.reading import Reader
from flowbuilder.knowledge.index.embedded.shelf import FolderShelf
from flowbuilder.knowledge.index.interface import Match
from flowbuilder.knowledge.index.outbox import embedder_of

log = logging.getLogger(__name__)
BROKEN = (Damaged, OSError, sqlite3.Error)
MENDING_SECONDS = 2


def folder_of(base_id: uuid.UUID) -> Path:
    return Path(settings.FLOWBUILDER_INDEX_FOLDER) / base_id.hex


class EmbeddedIndex:
    """One a base and process; its threads take turns."""

    def __init__(self, base_id: uuid.UUID) -> None:
        self.base_id = base_id
        self.shelf = FolderShelf(folder_of(base_id))
        self._generation: Generation | None = None
        self._reader: Reader | None = None
        self._busy = threading.RLock()

    @property
    def embedder(self) -> str:
        reader = self._current()
        return reader.state.embedder if reader else embedder_of(self.base_id)

    def catch_up(self, patience: float | None = None) -> bool:
        if self._is_up_to_date():
            return True
        deadline = None if patience is None else time.monotonic() + patience
        with self.shelf.locked(deadline) as held:
            # Whoever held the lock before may have done it all.
            return held and (
                self._is_up_to_date()
                or catching_up.catch_up(self.base_id, self.shelf, embedder_of(self.base_id), deadline)
            )

    def nearest(self, vector: np.ndarray, limit: int, allowed: Set[int] | None = None) -> list[Match]:
        return self._asked(lambda reader: reader.nearest(vector, limit, allowed))

    def matching(self, words: list[str], limit: int, allowed: Set[int] | None = None) -> list[Match]:
        return self._asked(lambda reader: reader.matching(words, limit, allowed))

    def count(self) -> int:
        reader = self._current()
        return reader.state.living if reader else 0

    def tend(self) -> None:
        """In a process of its own: it needs the memory of the whole graph, and so gives it back."""
        reader = self._current()
        if reader and graph.wants_growing(reader.state):
            command = [sys.executable, "-m", "django", "grow_index", str(reader.folder)]
            ended = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"})
            if ended.returncode:
                log.warning("the graph of base %s did not grow: status %s", self.base_id, ended.returncode)

    def drop(self) -> None:
        with self._busy, self.shelf.locked(None):
            self._forget()
            shutil.rmtree(self.shelf.folder, ignore_errors=True)

    def _asked(self, ask: Callable[[Reader], list[Match]]) -> list[Match]:
        with self._busy:
            try:
                reader = self._current()
                return ask(reader) if reader else []
            except BROKEN as error:
                log.warning("the index of base %s is damaged and made anew: %s", self.base_id, error)
                self._forget()
                self.shelf.link.unlink(missing_ok=True)
            self.catch_up(MENDING_SECONDS)
            reader = self._current()
            return ask(reader) if reader else []

    def _is_up_to_date(self) -> bool:
        reader = self._current()
        return (
            reader is not None
            and bool(reader.state.complete)
            and not catching_up.is_outdated(reader.state, embedder_of(self.base_id))
            and reader.state.taken == outbox.newest(self.base_id)
        )

    def _current(self) -> Reader | None:
        """What answers now; None where there is nothing that can."""
        with self._busy:
            for is_last_try in (False, True):
                try:
                    return self._look()
                except FileNotFoundError:
                    self._forget()
                except BROKEN as error:
                    # Between two looks others may have replaced the file: only what is broken twice is.
                    self._forget()
                    if is_last_try:
                        log.warning("the index of base %s cannot be read: %s", self.base_id, error)
            return None

    def _look(self) -> Reader:
        folder = self.shelf.link.resolve(strict=True)
        if self._generation is None or self._generation.folder != folder:
            self._forget()
            self._generation = Generation(folder)
        if self._reader is None or self._reader.state != self._generation.state():
            self._reader = Reader(self._generation, self._reader)
        return self._reader

    def _forget(self) -> None:
        if self._generation is not None:
            self._generation.close()
        self._generation = self._reader = None
