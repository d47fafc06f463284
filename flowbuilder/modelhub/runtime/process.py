"""The model worker's side: starts the runtime process, hands it requests, notices when it dies."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

from flowbuilder.modelhub.runtime.entry import main
from flowbuilder.modelhub.runtime.request import Piece, Request

log = logging.getLogger(__name__)
Callers = dict[str, "queue.SimpleQueue[Piece | None]"]


class RuntimeStopped(Exception):
    """The runtime process ended while this request was in it."""


class Runtime:
    """Shared by all threads of one worker."""

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.lock = threading.Lock()
        self.callers: Callers = {}
        """Of the child that runs now: the end of one before it is none of theirs."""
        self.child: multiprocessing.process.BaseProcess | None = None
        self.pipe: Connection | None = None

    def generate(self, request: Request) -> Iterator[Piece]:
        """Pieces until the one that is done. ``RuntimeStopped`` when the process dies on the way."""
        mine: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        with self.lock:
            self._ensure_child()
            callers = self.callers
            callers[request.id] = mine
            try:
                self.pipe.send(request)  # type: ignore[union-attr]
            except OSError as error:
                del callers[request.id]
                raise RuntimeStopped from error
        try:
            while True:
                piece = mine.get()
                if piece is None:
                    raise RuntimeStopped
                yield piece
                if piece.done:
                    return
        finally:
            callers.pop(request.id, None)

    def cancel(self, request_id: str) -> None:
        with self.lock:
            caller = self.callers.get(request_id)
            if caller is not None and self.pipe is not None:
                self.pipe.send(request_id)
                caller.put(Piece(request_id, done=True, error="Cancelled."))

    def _ensure_child(self) -> None:
        if self.child is not None and self.child.is_alive():
            return
        started = threading.Event()
        threading.Thread(target=self._own_child, args=(started,), daemon=True, name="model-pieces").start()
        started.wait()

    def _own_child(self, started: threading.Event) -> None:
        """Start the child and read it until its end, all in one thread.

        The child asks the kernel to die with its parent, and the kernel means the *thread* that started it: a
        caller's thread that ends would take the models down with it.
        """
        try:
            # Spawned, not forked: CUDA does not survive a fork.
            spawn = multiprocessing.get_context("spawn")
            self.pipe, theirs = spawn.Pipe()
            self.child = spawn.Process(
                target=main, args=(theirs, self.budget), name="model-runtime", daemon=True
            )
            self.child.start()
            theirs.close()
            pipe, callers = self.pipe, {}
            self.callers = callers
        finally:
            started.set()
        self._read(pipe, callers)

    def _read(self, pipe: Connection, callers: Callers) -> None:
        try:
            while True:
                piece = pipe.recv()
                if caller := callers.get(piece.id):
                    caller.put(piece)
        except (EOFError, OSError):
            log.warning("the model runtime ended; %d callers are told", len(callers))
            for caller in list(callers.values()):
                caller.put(None)
