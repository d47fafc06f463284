"""``python -m flowbuilder.tables.confined MOST < file``: prints a Parquet file's rows as JSON lines.

A process of its own, with limits on memory and time: a hostile file takes down this process only.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import Any

SECONDS = 60
MEMORY = 6 * 2**30
PRINTED = 256 * 2**20
"""Bytes of text that a file may unfold into."""
TOO_MANY, TOO_LARGE = 3, 4


class Damaged(Exception):
    """The file could not be read; the message is for the person."""


def parquet_rows(data: bytes, most: int) -> list[dict[str, Any]]:
    """Its rows; ``Damaged`` says why there are none."""
    command = [sys.executable, "-m", __name__, str(most)]
    try:
        finished = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS * 2)
    except subprocess.TimeoutExpired as error:
        raise Damaged(f"Reading the Parquet file took longer than {SECONDS * 2} s.") from error
    if finished.returncode == TOO_MANY:
        raise Damaged(f"At most {most} rows at once; this file has more.")
    if finished.returncode == TOO_LARGE:
        raise Damaged(f"The file unfolds into more than {PRINTED // 2**20} MB; divide it.")
    if finished.returncode:
        raise Damaged("The Parquet file is damaged, or holds what is no text, number or list.")
    return [json.loads(line) for line in finished.stdout.splitlines()]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import pyarrow
    from pyarrow import parquet

    file = parquet.ParquetFile(pyarrow.BufferReader(sys.stdin.buffer.read()))
    if file.metadata.num_rows > int(sys.argv[1]):
        sys.exit(TOO_MANY)
    printed = 0
    for batch in file.iter_batches(batch_size=256):
        for row in batch.to_pylist():
            line = json.dumps(row).encode() + b"\n"
            printed += len(line)
            if printed > PRINTED:
                sys.exit(TOO_LARGE)
            sys.stdout.buffer.write(line)


if __name__ == "__main__":
    main()
