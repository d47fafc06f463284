"""What llguidance refuses is relaxed for decoding, step by step, and never more than it must be."""

import pytest
from transformers import AutoTokenizer

from flowbuilder.modelhub.runtime.constrained import guide_of, matcher_of, relaxed
from flowbuilder.modelhub.starter_folder import STARTER

SCHEMA = {
    "type": "object",
    "properties": {
        "pattern": {"type": "string", "pattern": r"(?=x)", "minLength": 2},
        "kind": {"enum": [{"format": "x"}]},
    },
    "required": ["pattern"],
    "not": {"required": ["z"]},
}


def test_keywords_go_and_names_stay():
    whole, soft, shape, last = relaxed(SCHEMA)
    assert whole is SCHEMA
    assert soft["properties"]["pattern"] == {"type": "string", "minLength": 2} and "not" in soft
    assert shape == {
        "type": "object",
        "properties": {"pattern": {"type": "string"}, "kind": {"enum": [{"format": "x"}]}},
        "required": ["pattern"],
    }
    assert last == {"type": "object"}


@pytest.mark.parametrize(
    ("rule", "accepted", "refused"),
    [
        ({"type": "string", "pattern": r"^(?=.*\d)[a-z0-9]+$"}, '{"a": "x"', '{"a": 1'),  # no look-ahead
        ({"type": "string", "format": "json-pointer"}, '{"a": "x"', '{"a": 1'),
        ({"type": "array", "items": {"enum": [1]}, "uniqueItems": True}, '{"a": [1, 1]', '{"a": [2'),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, '{"a": 1', '{"a": "'),
        ({"not": {"const": 1}}, '{"a": 1', '{"b": 1'),
        ({"type": "integer", "minimum": 3, "maximum": 2}, '{"a": 7', '{"a": "x'),  # impossible
    ],
)
def test_what_is_left_still_holds(rule, accepted, refused):
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    guide = guide_of(tokenizer, len(tokenizer))
    schema = {"type": "object", "properties": {"a": rule}, "required": ["a"]}

    def taken(text):
        return matcher_of(guide, schema).validate_tokens(guide.tokenize_str(text)) == len(
            guide.tokenize_str(text)
        )

    assert taken(accepted) and not taken(refused)
