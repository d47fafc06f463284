"""The protocol is large, whole, and true to its own rules."""

import json
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from examples.protocol.source.examples import example_of
from examples.protocol.source.json_schema import schema_of
from examples.protocol.source.protocol import CHAPTERS, all_fields, records
from examples.protocol.source.shapes import Text

RECORDS = list(records())
KEYWORDS = {
    "enum", "pattern", "minimum", "maximum", "multipleOf", "const", "format", "minLength", "maxLength",
    "minItems", "maxItems", "uniqueItems", "items", "properties",
}  # fmt: skip


def test_there_are_sixty_types_with_six_hundred_fields():
    assert len(RECORDS) >= 60
    assert sum(1 for record in RECORDS for _ in all_fields(record)) >= 600
    assert len({record.name for record in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_each_example_fits_its_schema(record):
    # As decimals: 2143.65 is a multiple of 0.01, which binary fractions cannot tell.
    schema = exact(schema_of(record, "en"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(exact(example_of(record)))] == []


def test_both_languages_have_the_same_rules():
    for record in RECORDS:
        assert bare(schema_of(record, "en")) == bare(schema_of(record, "zh"))
        assert schema_of(record, "en") != schema_of(record, "zh")


def test_many_kinds_of_rules_are_used():
    written = json.dumps([schema_of(record, "en") for record in RECORDS])
    assert {keyword for keyword in KEYWORDS if f'"{keyword}"' not in written} == set()
    for format in ("date", "date-time", "email", "uuid", "uri"):
        assert f'"format": "{format}"' in written
    assert '"null"]' in written


def test_every_text_is_in_the_language_that_it_claims():
    for text in texts(CHAPTERS):
        assert text.en.isascii() or set(text.en) & set("³²°"), text.en
        assert any("\u4e00" <= character <= "\u9fff" for character in text.zh), text.zh


def exact(value):
    return json.loads(json.dumps(value), parse_float=Decimal)


def bare(schema):
    """Without what is said to people."""
    if isinstance(schema, dict):
        kept = {
            key: bare(value) for key, value in schema.items() if key == "properties" or key not in {"title"}
        }
        return {
            key: value for key, value in kept.items() if not isinstance(value, str) or key != "description"
        }
    return [bare(item) for item in schema] if isinstance(schema, list) else schema


def texts(node):
    if isinstance(node, Text):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from texts(item)
    elif hasattr(node, "__dataclass_fields__"):
        for name in node.__dataclass_fields__:
            yield from texts(getattr(node, name))
