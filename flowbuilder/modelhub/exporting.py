"""A version as one archive: its files as they are, the card as README, the hashes. Made while it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Iterator

from asgiref.sync import sync_to_async
from zipstream import ZipStream

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub.card import card_of, front_matter
from flowbuilder.modelhub.models import ModelVersion, VersionStatus

PIECE = 2**20
SUMS = "SHA256SUMS"
README = "README.md"
ORIGINAL_README = "ORIGINAL_README.md"


def contents(asker: Asker, version: ModelVersion) -> tuple[dict[str, str], dict[str, str]]:
    """The version's files by their names outside, and the texts that are written for it.

    ``ApiError`` 409 while it has none.
    """
    if version.status != VersionStatus.READY or version.files is None:
        raise ApiError("conflict", f"'{version.ref}' is not ready: its files are not read yet.", 409)
    files, hashes = named_outside(version)
    readme = front_matter(asker, version) + card_of(asker, version)
    hashes[README] = hashlib.sha256(readme.encode()).hexdigest()
    sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return files, {README: readme, SUMS: sums}


def named_outside(version: ModelVersion) -> tuple[dict[str, str], dict[str, str]]:
    """Name outside -> name in the folder, and name outside -> hash. What is written anew makes room."""
    kept = [file for file in version.files if file["name"] != SUMS]
    outside = [ORIGINAL_README if file["name"] == README else file["name"] for file in kept]
    names = {name: file["name"] for name, file in zip(outside, kept, strict=True)}
    return names, {name: file["sha256"] for name, file in zip(outside, kept, strict=True)}


def archive(asker: Asker, version: ModelVersion) -> ZipStream:
    """Stored, not compressed: weights do not get smaller. Its length is known before it is sent."""
    files, texts = contents(asker, version)
    made = ZipStream(sized=True)
    top = f"{version.model.name}-{version.number}"
    for name, text in texts.items():
        made.add(text.encode(), f"{top}/{name}")
    for outside, name in files.items():
        made.add_path(version.folder / name, f"{top}/{outside}")
    return made


async def pieces(made: ZipStream) -> AsyncGenerator[bytes]:
    """About a megabyte in memory at a time, read outside of the event loop."""
    iterator = iter(made)
    while piece := await sync_to_async(_piece, thread_sensitive=False)(iterator):
        yield piece


def _piece(iterator: Iterator[bytes]) -> bytes:
    """Empty at the end. A hop to the thread for every few kilobytes would cost more than reading them."""
    found = bytearray()
    for data in iterator:
        found += data
        if len(found) >= PIECE:
            break
    return bytes(found)
