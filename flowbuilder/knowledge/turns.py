"""Questions go before documents: whoever embeds a document waits between its batches while a question is being answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT = 2.0
"""Seconds after which a batch goes on all the same: questions without end must not stop a document for ever."""


class Turns:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._questions = 0

    @contextmanager
    def question(self) -> Iterator[None]:
        with self._changed:
            self._questions += 1
        try:
            yield
        finally:
            with self._changed:
                self._questions -= 1
                self._changed.notify_all()

    def wait(self) -> None:
        """Before each batch."""
        with self._changed:
            self._changed.wait_for(lambda: not self._questions, LONGEST_WAIT)


turns = Turns()
"""Of this process, which holds the embedder."""
