"""Proof that a training's processes are gone: the kernel holds a file's lock until the last of them has ended.

A lease in the database can run out while its holder still trains, for example when a worker is frozen. Before another
one trains in the same folder or on the same GPU, it must hold the lock files of both, and ends the processes that
still do. ``flock(2)``: a lock belongs to the open file, which a child inherits.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 5.0
PERIOD = 0.05


class Held(Exception):
    """Processes that this one may not end hold the lock."""


def claim(path: Path) -> int:
    """The descriptor that holds the lock. Whoever trains under it without a lease is ended."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + PATIENCE
    while not _locked(descriptor):
        if time.monotonic() > deadline:
            os.close(descriptor)
            raise Held(f"'{path.name}' is held by {path.read_text() or 'somebody'}")
        end_holder(path.read_text())
        time.sleep(PERIOD)
    os.ftruncate(descriptor, 0)
    return descriptor


def write_down(descriptors: list[int], pid: int) -> None:
    """Which child has inherited them: whoever comes after a lapsed lease ends it."""
    for descriptor in descriptors:
        os.pwrite(descriptor, f"{here()} {pid}".encode(), 0)


def end_holder(written: str) -> None:
    """Only where its number means the same process to us: on this host, not in another container."""
    place, _, pid = written.rpartition(" ")
    if place == here() and pid.isdigit():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(int(pid), signal.SIGKILL)


def here() -> str:
    """Where process numbers are the same: a host, and on Linux the namespace."""
    space = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()} {os.stat(space).st_ino if space.exists() else 0}"


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
