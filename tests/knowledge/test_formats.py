"""What is taken, and what is refused with which words."""

from pathlib import Path

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.formats import LOOKED_AT, format_of
from flowbuilder.knowledge.loaders.confined import LoadFailed, read_text
from tests.knowledge.files import archive

SAMPLES = Path("examples/protocol")


@pytest.mark.parametrize("suffix", ["md", "docx", "pdf"])
def test_each_format_is_told_by_its_bytes_and_read(suffix):
    data = (SAMPLES / f"parcel-protocol.{suffix}").read_bytes()
    format = format_of(f"protocol.{suffix}", data)
    assert format == suffix
    text = read_text(data, format)
    assert "scan_event record" in text.replace("\\_", "_")
    assert "weight_kg" in text.replace("\\_", "_")


def test_a_name_does_not_decide():
    assert format_of("notes.pdf", b"just text") == "txt"


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("page.txt", b"<!DOCTYPE html><html><body>hi</body></html>", "html"),
        ("api.json", b'{"info": {"title": "x"}, "openapi": "3.0.3", "paths": {}}', "openapi"),
        ("api.yml", b"swagger: '2.0'\ninfo: {}\n", "openapi"),
        ("notes.txt", b"openapi: 3. is a format\n", "txt"),
        (
            "c.json",
            b'{"info": {"schema": "https://schema.getpostman.com/v2.1/c.json"}, "item": []}',
            "postman",
        ),
        ("rows.ndjson", b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("mail.eml", b"Subject: x\nFrom: a@example.test\n\nHello", "eml"),
        ("mail.eml", b"no mail at all", "txt"),
        ("old.rtf", b"{\\rtf1 hello}", "rtf"),
        ("zh.csv", "字段,类型\n重量,数字\n".encode("gb18030"), "csv"),
        ("wide.txt", "包裹重量".encode("utf-16"), "txt"),
    ],
)
def test_kinds_of_text_are_told_apart(name, data, format):
    assert format_of(name, data) == format


def test_a_large_text_is_cut_between_letters():
    data = ("包裹记录包含重量字段。\n" * 8000).encode("gb18030")
    assert len(data) > 2 * LOOKED_AT and format_of("zh.txt", data) == "txt"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.txt", b"  \n", "empty"),
        ("zero.bin", b"\x00\xff", "binary"),
        ("photo.png", b"\x89PNG\x0d\x0a\x1a\x0a\x00\xff", "binary"),
        ("bomb.docx", archive({"word/document": b""}), "not a document"),
        ("broken.docx", b"PK\x03\x04 broken", "damaged"),
        ("big.txt", b"x" * (26 * 2**20), "at most 25 MB"),
    ],
)
def test_what_is_refused(name, data, why):
    with pytest.raises(ApiError, match=why) as refused:
        format_of(name, data)
    assert name in refused.value.message


def test_a_zip_bomb_is_refused():
    data = archive({"word/document.xml": b"0" * 60 * 2**20})
    with pytest.raises(ApiError, match="unpacks to far more"):
        format_of("bomb.docx", data)


def test_a_damaged_pdf_is_said():
    with pytest.raises(LoadFailed, match="damaged"):
        read_text(b"%PDF-1.7 nothing here", "pdf")
