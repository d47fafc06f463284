"""The text of what is attached to a question. Our flows read text; what holds none is refused by name."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from django.core.files.uploadedfile import UploadedFile

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.formats import check_size, format_of
from flowbuilder.knowledge.loaders.confined import LoadFailed, read_text
from flowbuilder.knowledge.uploads import name_of, read
from flowbuilder.publishing.flowise.sent import Upload

STORED = "FILE-STORAGE::"
LONGEST = 200_000
"""Characters of all files together."""


@dataclass(frozen=True)
class ReadFile:
    name: str
    text: str


def texts_of(uploads: Iterable[Upload], files: Iterable[UploadedFile]) -> list[ReadFile]:
    """``ApiError`` 422 names the file that no flow can take, and why."""
    found = [_upload(upload) for upload in uploads if upload.type != "file:rag"]
    found += [text_of(name_of(file), read(file)) for file in files]
    if sum(len(file.text) for file in found) > LONGEST:
        raise ApiError("too_large", f"The files hold more than {LONGEST:,} characters of text together.", 413)
    return found


def text_of(name: str, data: bytes) -> ReadFile:
    try:
        return ReadFile(name, read_text(data, format_of(name, data)))
    except LoadFailed as error:
        raise ApiError("invalid", f"'{name}' cannot be read: {error}", 422) from error


def with_files(question: str, files: list[ReadFile]) -> str:
    """The question, behind what is attached to it, as Flowise puts the two together."""
    docs = [f"<doc name='{file.name}'>{file.text}</doc>" for file in files]
    return "\n\n".join([*docs, question]) if docs else question


def _upload(upload: Upload) -> ReadFile:
    data = upload.data or ""
    if upload.type == "url" or data.startswith(("http://", "https://")):
        raise _refused(upload, "an address is not fetched for a visitor: send the file itself")
    if upload.type == "audio" or upload.mime.startswith(("audio/", "video/")):
        raise _refused(upload, "no node of this flow listens: send the words as text")
    if upload.mime.startswith("image/"):
        raise _refused(upload, "no node of this flow looks at images: send text or a document")
    if data.startswith(STORED):
        raise _refused(upload, "send the file itself, not the name that another server keeps it by")
    if not data.startswith("data:"):
        return ReadFile(upload.name, data)  # read before, by the call for attachments
    return text_of(upload.name, _bytes_of(upload, data))


def _bytes_of(upload: Upload, uri: str) -> bytes:
    head, comma, rest = uri.partition(",")
    if not comma:
        raise _refused(upload, "a data URI has a comma before its data")
    try:
        data = base64.b64decode(rest, validate=True) if head.endswith(";base64") else unquote_to_bytes(rest)
    except binascii.Error:
        raise _refused(upload, "its data is not base64") from None
    check_size(upload.name, len(data))
    return data


def _refused(upload: Upload, why: str) -> ApiError:
    return ApiError("invalid", f"'{upload.name}' cannot be taken: {why}.", 422)
