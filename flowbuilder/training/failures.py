"""Why a recipe failed that could not say so itself: read from the end of its log, in words for people."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

TAIL = 20_000
"""Bytes of the log that are read."""
NO_ROOM = 2**20
"""Bytes: with less left on the disk, a log does not say why it ends."""
DISK = "The disk is full: its files could not be written. Make room, then go on from the last checkpoint."
KNOWN = {
    r"No space left on device|Disk quota exceeded|os error 28": DISK,
    r"CUDA out of memory|OutOfMemoryError": (
        "The GPU's memory was not enough. Lower the batch or the answers' length, or train adapters (LoRA)."
    ),
    r"MemoryError|can't allocate memory|Cannot allocate memory|std::bad_alloc": (
        "The machine's memory was not enough. Lower the batch or the answers' length, or train adapters (LoRA)."
    ),
    r"CUDA error|NCCL error": "The GPU or its driver failed; the job's log says more.",
}


def reason_in(folder: Path) -> str:
    """The first that is known; empty where none is."""
    text = tail(folder / "log")
    known = next((why for pattern, why in KNOWN.items() if re.search(pattern, text)), "")
    return known or (DISK if shutil.disk_usage(folder).free < NO_ROOM else "")


def tail(log: Path, most: int = TAIL) -> str:
    """The last bytes of a log as text; empty where there is none."""
    if not log.is_file():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - most))
        return file.read(most).decode(errors="replace")
