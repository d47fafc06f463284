"""Split wherever a text or a pattern stands."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import regex

from flowbuilder.knowledge.splitting.pieces import Span, SplitFailed
from flowbuilder.knowledge.splitting.settings import SplitSettings

SECONDS = 2.0
ESCAPE = re.compile(r"\\[nrtf]")


def parts(text: str, settings: SplitSettings) -> Iterator[Span]:
    start = 0
    for found in _places(text, settings):
        if found.start > start:
            yield Span(start, found.start)
        start = found.start if settings.keep_delimiter else found.end
    if start < len(text):
        yield Span(start, len(text))


def _places(text: str, settings: SplitSettings) -> Iterator[Span]:
    pattern = settings.delimiter if settings.pattern else regex.escape(plain(settings.delimiter))
    try:
        for match in regex.finditer(pattern, text, flags=regex.MULTILINE, timeout=SECONDS):
            if match.end() > match.start():
                yield Span(match.start(), match.end())
    except TimeoutError as error:
        raise SplitFailed(
            f"The delimiter's pattern took longer than {SECONDS:.0f} s on this document. Write a simpler one."
        ) from error


def plain(delimiter: str) -> str:
    r"""As a form's single line says it: ``\n`` for a line's end."""
    return ESCAPE.sub(lambda match: codecs.decode(match[0], "unicode_escape"), delimiter)
