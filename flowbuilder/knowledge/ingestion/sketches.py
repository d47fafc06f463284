"""Near duplicates by bottom-k sketches of a text's shingles (Broder 1997, "On the resemblance and containment of
documents", section 4)."""

from __future__ import annotations

import zlib

import numpy as np

from flowbuilder.knowledge.models import Document

SHINGLE = 8
"""Letters; independent of the language and of how lines are broken."""
SIZE = 256
LOOKED_AT = 400_000
"""Letters of a document that are looked at."""
ALMOST = 0.8


def sketch_of(text: str) -> bytes:
    """The ``SIZE`` smallest different hashes of its shingles, as little-endian 32-bit numbers."""
    letters = "".join(letter for letter in text[:LOOKED_AT].lower() if letter.isalnum())
    count = max(1, len(letters) - SHINGLE + 1)
    hashes = {zlib.crc32(letters[at : at + SHINGLE].encode()) for at in range(count)}
    return np.array(sorted(hashes)[:SIZE], dtype="<u4").tobytes()


def resemblance(one: bytes, other: bytes) -> float:
    """An estimate of the share of shingles that both have, 0..1."""
    first, second = np.frombuffer(one, "<u4"), np.frombuffer(other, "<u4")
    smallest = np.union1d(first, second)[:SIZE]
    shared = np.intersect1d(first, second)
    return float(np.isin(smallest, shared).sum() / max(1, len(smallest)))


def nearest(document: Document, sketch: bytes) -> tuple[Document | None, float | None]:
    """The document of the base that came before and says almost the same, and how much of it."""
    others = Document.objects.filter(base=document.base_id, created_at__lt=document.created_at)
    best, share = None, ALMOST
    for pk, other in others.exclude(sketch=None).values_list("pk", "sketch").iterator():
        if (found := resemblance(sketch, bytes(other))) >= share:
            best, share = pk, found
    return (None, None) if best is None else (Document.objects.get(pk=best), round(share, 3))
