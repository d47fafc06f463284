"""What is in a zip file that somebody sent: read in memory, of a size that cannot harm, and never by its paths."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip
"""What the standard library raises for files that are cut, altered, encrypted or packed in other ways."""


class NotUnpacked(Exception):
    """A sentence for the person, without its full stop."""


def unpacked(
    name: str, data: bytes, *, endings: tuple[str, ...], most_files: int, most_bytes: int
) -> list[tuple[str, bytes]]:
    """Those of its files that end so, whatever else is in it. Errors: ``NotUnpacked``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [each for each in archive.infolist() if each.filename.lower().endswith(endings)]
            if len(entries) > most_files or sum(each.file_size for each in entries) > most_bytes:
                told = f"'{name}' holds more than {most_files} files or {most_bytes // 2**20} MB"
                raise NotUnpacked(told)
            # No entry gives more than the size that it claims, and the claims were summed up.
            return [(each.filename, archive.read(each)) for each in entries]
    except BROKEN as error:
        raise NotUnpacked(f"'{name}' is not a zip file that can be read") from error
