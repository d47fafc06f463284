"""The Chinese catalogue says all that templates, Python and nodes say, and templates say nothing outside of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.template.base import Lexer, TokenType

from flowbuilder.translation.catalogues import read, strings, untranslated
from flowbuilder.translation.messages import ROOT, Message, messages, placeholders

HELP = "python -m flowbuilder.translation brings the catalogue up to date; then translate what it names"
SILENT = re.compile(
    r"<(script|style|code|pre|kbd|svg)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE
)
SHOWN_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
TAG = re.compile(r"<[^>]*>", re.DOTALL)
EXAMPLE = re.compile(
    r"curl |https?://|fb_|[\w.-]+@[\w.]+$|[\w.]+([-/_][\w.]+)+$|/\w+/$|\w+ eq \w+$|[A-Z]+-\d|[\w.]+, \*\.|中文|staging$|starter, starter@1$"
)
"""Something to type that is the same in every language."""
NAMES = {
    "Flowbuilder",
    "GB",
    "MB",
    "CSV",
    "Parquet",
    "JSON",
    "JSONL",
    "OpenAI",
    "Markdown",
    "id",
    "ms",
    "TASS",
    "TAST",
}
TRANSLATING = ("blocktranslate", "blocktrans")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read()


@pytest.fixture(scope="module")
def found() -> dict[Message, str]:
    return messages()


def test_every_text_is_translated(catalogue, found):
    known = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id}
    missing = [
        f"{place}: {message.singular!r}" for message, place in found.items() if message.singular not in known
    ]
    missing += [f"{entry.locations[0][0]}: {entry.id!r}" for entry in untranslated(catalogue)]
    assert not missing, "\n".join([HELP, *missing])


def test_places_for_values_are_kept(catalogue):
    wrong = []
    for entry in catalogue:
        texts = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        allowed, kept = placeholders(texts), placeholders(strings(entry))
        # A plural may leave the number out of its singular; nothing may be made up.
        if entry.id and (kept - allowed or (len(texts) == 1 and allowed - kept)):
            wrong.append(f"{entry.id!r}: {strings(entry)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in (ROOT / "templates").iterdir() if path.is_dir())
)
def test_templates_say_nothing_untranslated(folder):
    bare = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted((ROOT / "templates" / folder).rglob("*.html"))
        for text in texts_of(path)
    ]
    assert not bare, "\n".join(["put them into translate or blocktranslate:", *bare])


def texts_of(path: Path) -> Iterator[str]:
    """Words that stand between tags or in an attribute that is read out, outside of every translation."""
    html, inside = "", False
    for token in Lexer(path.read_text()).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            silent = token.contents == "block main_class"
            inside = silent or name in TRANSLATING or (inside and not name.startswith("endblock"))
        html += token.contents if token.token_type == TokenType.TEXT and not inside else " "
    html = SILENT.sub(" ", html)
    for text in [*SHOWN_ATTRIBUTE.findall(html), *TAG.split(html)]:
        said = " ".join(text.split()).strip("· ")
        if (
            re.search(r"[A-Za-z]{2}", re.sub(r"&\w+;", "", said))
            and said not in NAMES
            and not EXAMPLE.match(said)
        ):
            yield said
