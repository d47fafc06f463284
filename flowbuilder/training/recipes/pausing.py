"""Pausing: a recipe that is sent SIGTERM finishes its step, writes a checkpoint and ends well."""

from __future__ import annotations

import signal
from typing import Any

_asked = False


class Paused(Exception):
    """Ends a recipe whose checkpoint of ``step`` is written; it goes on from there another time."""

    def __init__(self, step: int) -> None:
        super().__init__(f"paused at step {step}")
        self.step = step


def listen() -> None:
    """From now on SIGTERM asks for a pause; whoever starts a recipe may have held it back until here."""
    signal.signal(signal.SIGTERM, _ask)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def asked() -> bool:
    return _asked


def _ask(*_: Any) -> None:
    global _asked
    _asked = True
