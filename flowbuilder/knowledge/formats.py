"""Tells a file's format from its bytes: a name says nothing for sure."""

import zipfile
from io import BytesIO

from flowbuilder.accounts.errors import ApiError

MAX_BYTES = 25 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 200
TEXT_SUFFIXES = {".txt": "txt", ".md": "md", ".markdown": "md"}
ACCEPTED = "txt, md, pdf and docx"


def format_of(name: str, data: bytes) -> str:
    """``txt``, ``md``, ``pdf`` or ``docx``; ``ApiError`` names the file and says why it is refused."""
    if not data.strip():
        raise refused(name, "it is empty")
    check_size(name, len(data))
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK"):
        check_archive(name, data)
        return "docx"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(name, f"it is neither UTF-8 text, PDF nor Word; {ACCEPTED} are read") from error
    if "\x00" in text:
        raise refused(name, f"it is binary; {ACCEPTED} are read")
    suffix = "." + name.rsplit(".", 1)[-1].lower()
    return TEXT_SUFFIXES.get(suffix, "txt")


def check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise refused(name, f"it has {size / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are read")


def check_archive(name: str, data: bytes) -> None:
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise refused(name, "it is damaged") from error
    if not any(entry.filename == "word/document.xml" for entry in entries):
        raise refused(name, f"it is an archive, not a Word document; {ACCEPTED} are read")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(data):
        raise refused(name, "it unpacks to far more than a document should")


def refused(name: str, why: str) -> ApiError:
    return ApiError("document_refused", f"'{name[:120]}' was not taken: {why}.", 422)
