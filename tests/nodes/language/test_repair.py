"""What a model wrote is kept as far as it goes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.json_rules import errors_of
from nodes.language.repair import read, repaired
from tests.nodes.mock.test_records import PARCEL

WHOLE = {"a": 1, "b": {"c": [1.5, "x"], "d": None}, "e": "y"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"a": "x", "b": 12', {"a": "x"}),
        ('{"a": [1, 2', {"a": [1]}),
        ('{"a": [1, 2]', {"a": [1, 2]}),
        ('{"a": {"x": true, "y": "z', {"a": {"x": True}}),
        ('{"a": "x", "b', {"a": "x"}),
        ('{"a": tr', {}),
        ("", {}),
        ("no record at all", {}),
    ],
)
def test_of_a_text_that_was_cut_off_complete_values_stay(text, kept):
    assert read(text) == (kept, True)


@given(st.integers(1, len(json.dumps(WHOLE)) - 1))
def test_wherever_it_is_cut_nothing_false_is_kept(length):
    said, cut_off = read(json.dumps(WHOLE)[:length])
    assert cut_off and within(said, WHOLE)


def within(part, whole):
    if isinstance(part, dict):
        return all(key in whole and within(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        return all(within(value, other) for value, other in zip(part, whole, strict=False))
    return part == whole


@given(st.text(), st.integers(0, 9))
def test_whatever_the_text_the_record_is_valid(text, seed):
    made = repaired(text, PARCEL, seed=seed)
    assert not errors_of(made.record, PARCEL) and made.mended


def test_what_was_complete_stays_and_the_rest_is_told():
    text = '{"parcel_id": "PX-10422", "status": "delivered", "price": 12.5, "courier": {"na'
    made = repaired(text, PARCEL, seed=1)
    assert made.cut_off and made.record["parcel_id"] == "PX-10422" and made.record["price"] == 12.5
    assert {each.field for each in made.mended} == {"courier.name", "stops"}


def test_a_text_that_repeats_itself_is_made_anew():
    said = '{"street": "峰峰峰峰峰峰峰峰峰峰", "number": "10000000", "at": {"city": "lalalalalalalala"}}'
    text = {"type": "string", "minLength": 1}
    at = {"type": "object", "properties": {"city": text}, "required": ["city"]}
    schema = {
        "type": "object",
        "properties": {"street": text, "number": text, "at": at},
        "required": ["street", "number", "at"],
    }
    made = repaired(said, schema, seed=1)
    assert made.record["number"] == "10000000" and errors_of(made.record, schema) == []
    assert "峰峰" not in made.record["street"] and "lala" not in made.record["at"]["city"]
    assert [each.field for each in made.mended] == ["street", "at.city"]
    assert all("repeats itself" in each.reason for each in made.mended)
