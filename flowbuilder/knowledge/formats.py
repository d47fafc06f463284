"""Tells a file's format from its bytes: a name says nothing for sure, and only tells kinds of text apart."""

import re
import zipfile
from io import BytesIO

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.loaders.encodings import decode

MAX_BYTES = 25 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 200
MAX_ENTRIES = 20_000
LOOKED_AT = 64 * 1024
TEXT_SUFFIXES = {
    **dict.fromkeys((".md", ".markdown", ".mdx"), "md"),
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".eml": "eml",
}
ARCHIVES = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
MIMETYPES = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/epub+zip": "epub",
}
ACCEPTED = "txt, md, pdf, docx, xlsx, xls, ods, pptx, odt, epub, rtf, html, eml, csv, json, jsonl, yaml, OpenAPI and Postman"
SUFFIXES = (
    ".txt,.md,.markdown,.pdf,.docx,.xlsx,.xls,.ods,.pptx,.odt,.epub,.rtf,.html,.htm,.eml,"
    ".csv,.tsv,.json,.jsonl,.ndjson,.yaml,.yml"
)
"""For the file chooser of the browser."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK = "Workbook".encode("utf-16-le")
HTML = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html|head|body)\b", re.I | re.S)
OPENAPI = re.compile(r"""(^|[{,])\s*["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.""", re.M)
POSTMAN = re.compile(r"schema\.(getpostman|postman)\.com|\"_postman_id\"")
MAIL = re.compile(r"(?:[A-Za-z-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?(?:From|Received|Return-Path):", re.I)


def format_of(name: str, data: bytes) -> str:
    """One of the formats that are read; ``ApiError`` names the file and says why it is refused."""
    if not data.strip():
        raise refused(name, "it is empty")
    check_size(name, len(data))
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return archive_format(name, data)
    if data.startswith(OLE):
        if WORKBOOK in data:
            return "xls"
        raise refused(name, f"it is an old Office file other than Excel; save it anew. {ACCEPTED} are read")
    if data.startswith(b"{\\rtf"):
        return "rtf"
    return text_format(name, data)


def text_format(name: str, data: bytes) -> str:
    text = decode(cut(data))
    if text is None or "\x00" in text:
        raise refused(name, f"it is binary or in an unknown encoding; {ACCEPTED} are read")
    suffix = "." + name.rsplit(".", 1)[-1].lower()
    told = TEXT_SUFFIXES.get(suffix, "")
    if HTML.match(text):
        return "html"
    if told in {"", "json", "yaml"} and suffix != ".txt":
        if OPENAPI.search(text):
            return "openapi"
        if POSTMAN.search(text) and text.lstrip().startswith("{"):
            return "postman"
    if told == "eml" and not MAIL.match(text):
        return "txt"
    return told or "txt"


def cut(data: bytes) -> bytes:
    """The beginning, ended at a line so that no letter is cut in two."""
    if len(data) <= LOOKED_AT:
        return data
    end = data.rfind(b"\n", 0, LOOKED_AT)
    if end < 0 or data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:64].count(0) > 8:
        # UTF-16 has two bytes a letter; text without any line is decoded whole.
        return data[:LOOKED_AT] if end >= 0 else data
    return data[: end + 1]


def check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise refused(name, f"it has {size / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are read")


def archive_format(name: str, data: bytes) -> str:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OverflowError, ValueError) as error:
        raise refused(name, "it is damaged") from error
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(data) or len(entries) > MAX_ENTRIES:
        raise refused(name, "it unpacks to far more than a document should")
    names = {entry.filename for entry in entries}
    for marker, format in ARCHIVES.items():
        if marker in names:
            return format
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        try:
            mimetype = archive.read("mimetype").decode("ascii", "replace").strip()
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise refused(name, "it is damaged or protected") from error
        if mimetype in MIMETYPES:
            return MIMETYPES[mimetype]
    raise refused(name, f"it is an archive, not a document; {ACCEPTED} are read")


def refused(name: str, why: str) -> ApiError:
    return ApiError("document_refused", f"'{name[:120]}' was not taken: {why}.", 422)
