"""Bytes of documents on disk, and the text that was read from them, under ids of our own making."""

import uuid
from pathlib import Path

from django.conf import settings

from flowbuilder.knowledge.models import Document


def path_of(document: Document) -> Path:
    return settings.HOME_DIR / "files" / f"{document.pk}"


def text_path_of(document: Document) -> Path:
    return path_of(document).with_suffix(".text")


def write_file(document: Document, data: bytes) -> None:
    _write(path_of(document), data)


def read_file(document: Document) -> bytes:
    return path_of(document).read_bytes()


def write_text(document: Document, text: str) -> None:
    """What was read from its bytes; ``start`` and ``end`` of its passages count in this."""
    _write(text_path_of(document), text.encode())


def read_text(document: Document) -> str:
    """``FileNotFoundError`` until it was read."""
    return text_path_of(document).read_bytes().decode()


def remove_file(document: Document) -> None:
    path_of(document).unlink(missing_ok=True)
    text_path_of(document).unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    # Two threads may write the same document: each has a file of its own until it is whole.
    unfinished = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    unfinished.write_bytes(data)
    unfinished.rename(path)
