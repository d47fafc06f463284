"""A description as it comes: a file, or text that was pasted."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from flowbuilder.accounts.errors import ApiError
from flowbuilder.apis.importing.confined import BYTES, KINDS


def text_of(file: UploadedFile | None, pasted: str) -> str:
    """What is to be imported; the file goes before what was pasted."""
    if file is None:
        if not pasted.strip():
            raise ApiError("document_refused", f"Nothing came to import: send {KINDS}.", 422)
        return pasted
    if (file.size or 0) > BYTES:
        raise ApiError("too_large", f"'{file.name}' is larger than {BYTES // 2**20} MB.", 413)
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ApiError(
            "document_refused", f"'{file.name}' is no text in UTF-8: byte {error.start} cannot be read.", 422
        ) from error
