"""The files of a version with their sizes and SHA-256: worked out once, as they never change again."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flowbuilder.modelhub.starter_folder import STARTER


def listed(folder: Path) -> list[dict[str, Any]]:
    """``[{"name", "size", "sha256"}]`` of every file, in the order of their names."""
    return _of_starter() if folder == STARTER else _read(folder)


@lru_cache(maxsize=1)
def _of_starter() -> list[dict[str, Any]]:
    """Every workspace has the same."""
    return _read(STARTER)


def _read(folder: Path) -> list[dict[str, Any]]:
    return [
        {"name": path.relative_to(folder).as_posix(), "size": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
