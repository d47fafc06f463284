"""Bytes of documents on disk, under ids of our own making."""

from pathlib import Path

from django.conf import settings

from flowbuilder.knowledge.models import Document


def path_of(document: Document) -> Path:
    return settings.HOME_DIR / "files" / f"{document.pk}"


def write_file(document: Document, data: bytes) -> None:
    unfinished = path_of(document).with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.rename(path_of(document))


def read_file(document: Document) -> bytes:
    return path_of(document).read_bytes()


def remove_file(document: Document) -> None:
    path_of(document).unlink(missing_ok=True)
