"""Checkpoints that are whole or not there: a hash list is written last and looked at first.

What was reported as saved is on the disk and not only in its cache: a machine that loses its power goes on from
there as one whose process was killed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from flowbuilder.training.recipes.reporting import alarm

SUMS = "SHA256SUMS"
PARTIAL = ("No space left", "os error 28", "Disk quota", "PytorchStreamWriter", "inline_container.cc")
"""What libraries say that write files themselves."""


def hash_folder(folder: Path) -> None:
    """Write ``SHA256SUMS`` (the format of ``sha256sum``) over the files of a folder, and all of it to the disk."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [f"{digest(path)}  {path.relative_to(folder)}\n" for path in files]
    for path in files:
        flush(path)
    (folder / SUMS).write_text("".join(lines))
    flush(folder / SUMS)
    flush(folder)
    flush(folder.parent)


def put_in_place(temporary: Path, final: Path) -> None:
    """A folder that was written beside it becomes the checkpoint, whole or not at all."""
    hash_folder(temporary)
    shutil.rmtree(final, ignore_errors=True)
    temporary.rename(final)
    flush(final.parent)


def hashes_hold(folder: Path) -> bool:
    """Whether ``SHA256SUMS`` is there and every file it names is whole."""
    return not broken_part(folder)


def broken_part(folder: Path) -> str:
    """The first file that is not what it was; empty where all are whole."""
    sums = folder / SUMS
    named = [line.split("  ", 1) for line in sums.read_text().splitlines()] if sums.is_file() else []
    if not named or any(len(each) != 2 for each in named):
        return SUMS
    return next(
        (name for known, name in named if not (folder / name).is_file() or digest(folder / name) != known),
        "",
    )


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checkpoints(work_dir: Path) -> list[Path]:
    """Oldest first; whole ones and others."""
    return sorted(work_dir.glob("checkpoint-*"), key=lambda path: int(path.name.rsplit("-", 1)[1]))


def whole_checkpoint(work_dir: Path) -> str | None:
    """The newest checkpoint whose hashes hold. Others are named, and removed: Trainer would trip over them.

    One without a hash list was not finished when its process was killed, which is no cause for alarm.
    """
    broken: list[tuple[int, str]] = []
    found = None
    for folder in reversed(checkpoints(work_dir)):
        part = broken_part(folder)
        if not part:
            found = folder
            break
        broken.append((step_of(folder), part))
        shutil.rmtree(folder)
    goes_on = f"goes on from that of step {step_of(found)}" if found else "begins anew"
    for step, part in broken:
        if part == SUMS:
            print(f"The checkpoint of step {step} was not finished; it {goes_on}.", file=sys.stderr)
            continue
        alarm(
            "checkpoint_broken",
            step,
            f"The checkpoint of step {step} is damaged ({part} is not what was written); the training {goes_on}.",
        )
    return str(found) if found else None


def step_of(folder: Path) -> int:
    return int(folder.name.rsplit("-", 1)[1])


def disk_full(error: BaseException) -> bool:
    """Whether that is why it failed."""
    return any(
        getattr(each, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
        or any(said in str(each) for said in PARTIAL)
        for each in chain(error)
    )


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
