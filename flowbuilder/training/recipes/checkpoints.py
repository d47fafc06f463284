"""Checkpoints that are whole or not there: a hash list is written last and looked at first."""

from __future__ import annotations

import hashlib
from pathlib import Path


def hash_folder(folder: Path) -> None:
    """Write ``SHA256SUMS`` (the format of ``sha256sum``) over the files of a folder."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def hashes_hold(folder: Path) -> bool:
    """Whether ``SHA256SUMS`` is there and every file it names is whole."""
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        return False
    named = [line.split("  ", 1) for line in sums.read_text().splitlines()]
    return bool(named) and all(
        (folder / name).is_file() and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for digest, name in named
    )
