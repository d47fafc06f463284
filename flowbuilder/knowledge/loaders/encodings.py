"""Text out of bytes in whatever encoding they came: UTF-8, UTF-16, GB18030, Big5, Shift-JIS, Windows code pages."""

from __future__ import annotations

import codecs
import unicodedata

CANDIDATES = [
    "gb18030",
    "big5",
    "utf_16_le",
    "utf_16_be",
    "cp1252",
    "cp1251",
    "shift_jis",
    "euc_jp",
    "euc_kr",
]
MARKS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]
BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc",
    b"Rar!",
    b"ID3",
)
"""How pictures, sounds, programs and archives begin."""
STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})
CHECKED = 100_000
LEAST_WIDE = 16
"""Bytes from which on zeros may be UTF-16 that does not say so."""
FEW = 60
"""Bytes that are too few to tell Korean from Chinese by their frequencies; Chinese is then likelier here."""


def decode(data: bytes) -> str | None:
    """None where it is no text in any encoding that we know."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _read(data, encoding)
    text = _read(data, "utf-8")
    if text is not None and "\x00" not in text:
        return text
    from charset_normalizer import from_bytes

    likely = CANDIDATES[:-1] if len(data) < FEW else CANDIDATES
    if data.startswith(BINARY) or (b"\x00" in data and len(data) < LEAST_WIDE):
        return None
    best = from_bytes(data, cp_isolation=likely, threshold=0.3).best()
    text = None if best is None else _read(data, best.encoding)
    return text if text is not None and _is_text(text) else None


def _is_text(text: str) -> bool:
    """A guessed encoding makes letters of any bytes: control and unassigned characters give them away."""
    strange = sum(
        unicodedata.category(letter) in STRANGE and letter not in "\t\n\r\f\v" for letter in text[:CHECKED]
    )
    return strange == 0


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
