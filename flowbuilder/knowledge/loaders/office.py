"""Documents, sheets, slides, books, mails and web pages, by kreuzberg; where it fails a PDF or a sheet is read another way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from flowbuilder.knowledge.loaders import Unreadable
from flowbuilder.knowledge.loaders.encodings import decode

OPEN_XML = "application/vnd.openxmlformats-officedocument."
MIME = {
    "pdf": "application/pdf",
    "docx": f"{OPEN_XML}wordprocessingml.document",
    "xlsx": f"{OPEN_XML}spreadsheetml.sheet",
    "pptx": f"{OPEN_XML}presentationml.presentation",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "epub": "application/epub+zip",
    "rtf": "application/rtf",
    "eml": "message/rfc822",
    "html": "text/html",
}
FALLBACKS = {"pdf": "pdfium", "xlsx": "sheets", "xls": "sheets", "ods": "sheets"}
PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)\n?")


def load(data: bytes, format: str) -> str:
    try:
        text = _by_kreuzberg(data, format)
    except Exception as error:
        # Its errors share no base that we could name, and one of its native parsers may fail in any way.
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise Unreadable("It is protected by a password. Upload it without one.") from error
        if format not in FALLBACKS:
            raise
        text = ""
    if not text.strip() and format in FALLBACKS:
        loader = import_module(f"flowbuilder.knowledge.loaders.{FALLBACKS[format]}")
        return str(loader.load(data, format))
    return PICTURE.sub("", text)


def _by_kreuzberg(data: bytes, format: str) -> str:
    from kreuzberg import ContentFilterConfig, ExtractionConfig, PageConfig, extract_bytes_sync

    if format == "html" and (text := decode(data)) is not None:
        data = text.encode()
    whole = ContentFilterConfig(include_headers=True, include_footers=True, strip_repeating_text=False)
    options = {"pages": PageConfig(extract_pages=True), "content_filter": whole} if format == "pdf" else {}
    found = extract_bytes_sync(
        data, MIME[format], ExtractionConfig(output_format="markdown", use_cache=False, **options)
    )
    if format != "pdf":
        return str(found.content)
    return _reread(
        found.content,
        [page["content"].replace("\r\n", "\n") for page in found.pages or []],
        found.tables,
        data,
    )


def _reread(text: str, pages: list[str], tables: Sequence[Any], data: bytes) -> str:
    from flowbuilder.knowledge.loaders.pages import marked
    from flowbuilder.knowledge.loaders.pdfium import text_layer
    from flowbuilder.knowledge.loaders.rereading import whole, without_false_tables

    told = [
        (table.markdown, pages[table.page_number - 1]) for table in tables if table.page_number <= len(pages)
    ]
    read = marked(without_false_tables(text, told), pages)
    try:
        return whole(read, text_layer(data))
    except Unreadable:
        return read  # what the layout reader gets through and the other does not
