"""What is taken, and what is refused with which words."""

import io
import zipfile
from pathlib import Path

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.formats import format_of
from flowbuilder.knowledge.loaders.confined import LoadFailed, read_text

SAMPLES = Path("examples/protocol")


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as found:
        for name, data in files.items():
            found.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


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
    ("name", "data", "why"),
    [
        ("empty.txt", b"  \n", "empty"),
        ("photo.png", b"\x89PNG\x0d\x0a\x1a\x0a\x00\xff", "neither UTF-8 text"),
        ("bomb.docx", archive(word__document=b""), "not a Word document"),
        ("broken.docx", b"PK\x03\x04 broken", "damaged"),
        ("big.txt", b"x" * (26 * 2**20), "at most 25 MB"),
    ],
)
def test_what_is_refused(name, data, why):
    with pytest.raises(ApiError, match=why) as refused:
        format_of(name, data)
    assert name in refused.value.message


def test_a_zip_bomb_is_refused():
    data = archive(**{"word/document.xml": b"0" * 60 * 2**20})
    with pytest.raises(ApiError, match="unpacks to far more"):
        format_of("bomb.docx", data)


def test_a_damaged_pdf_is_said():
    with pytest.raises(LoadFailed, match="damaged"):
        read_text(b"%PDF-1.7 nothing here", "pdf")
