"""The files beside the source are what it gives now, and can be read back whole."""

import re
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from examples.protocol.make_documents import FORMATS, HERE, name_of
from examples.protocol.source.protocol import all_fields, records
from examples.protocol.source.shapes import LANGUAGES
from examples.protocol.writing.openapi import openapi
from flowbuilder.knowledge.formats import format_of
from flowbuilder.knowledge.loaders.confined import read_text

FILES = [(language, suffix) for language in LANGUAGES for suffix in FORMATS]


@pytest.mark.parametrize(("language", "suffix"), FILES)
def test_writing_again_gives_the_same_bytes(language, suffix):
    written = FORMATS[suffix](language)
    data = written.encode() if isinstance(written, str) else written
    assert data == (HERE / name_of(language, suffix)).read_bytes(), (
        "Run python -m examples.protocol.make_documents"
    )


@pytest.mark.parametrize(("language", "suffix"), FILES)
def test_every_record_field_and_rule_is_read_back(language, suffix):
    text = plain(read(HERE / name_of(language, suffix)))
    for record in records():
        assert plain(record.name) in text
        assert plain(record.purpose.of(language)) in text
        for name, field in all_fields(record):
            assert plain(name.rsplit(".", 1)[-1]) in text
            assert plain(field.description.of(language)) in text
            assert plain(field.rules.pattern) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_openapi_is_valid(language):
    document = openapi(language)
    validate(document)
    assert len(document["paths"]) == len(list(records())) == len(document["components"]["schemas"]) - 1


def read(path: Path) -> str:
    data = path.read_bytes()
    found = read_text(data, format_of(path.name, data))
    return found if isinstance(found, str) else found.text


def plain(text: str) -> str:
    """Without line ends, white space and the escapes of Markdown: readers differ in them."""
    return re.sub(r"[\s\\]", "", text)
