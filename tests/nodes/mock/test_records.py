"""Whatever the schema: a valid value, or an error that names the place and says why there is none."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nodes.json_formats import CHECKER
from nodes.mock.records import Unsatisfiable, make, mend
from tests.nodes.mock.schemas import anything, possible, scalars

unhurried = settings(suppress_health_check=list(HealthCheck), max_examples=150)


def errors(value, schema):
    """Judged by the library itself, with its own reading of patterns and multiples."""
    return [
        error.message for error in Draft202012Validator(schema, format_checker=CHECKER).iter_errors(value)
    ]


@unhurried
@given(possible, st.integers(0, 2**32))
def test_a_schema_that_has_a_value_gets_one(schema, seed):
    value = make(schema, seed=seed)
    assert not errors(value, plain(schema))
    assert json.loads(json.dumps(value)) == value


@unhurried
@given(anything, st.integers(0, 99))
def test_any_schema_gets_a_valid_value_or_a_named_error(schema, seed):
    try:
        value = make(schema, seed=seed)
    except Unsatisfiable as error:
        assert ": " in str(error)
    else:
        assert not errors(value, plain(schema))


@unhurried
@given(
    possible,
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner)
    ),
)
def test_anything_is_mended_into_a_valid_value(schema, said):
    mended, changes = mend(said, schema, seed=1)
    assert not errors(mended, plain(schema))
    assert bool(changes) == bool(errors(said, plain(schema)))


def plain(schema):
    """Python's patterns know no Unicode properties."""
    return json.loads(json.dumps(schema).replace(r"^\\p{Lu}\\p{Ll}+$", "^[A-Z][a-z]+$"))


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_gives_the_same_record(seed):
    assert make(PARCEL, seed=seed) == make(PARCEL, seed=seed)


def test_records_vary():
    made = [json.dumps(make(PARCEL, seed=seed)) for seed in range(100)]
    assert len(set(made)) == 100


PARCEL = {
    "type": "object",
    "properties": {
        "parcel_id": {"type": "string", "pattern": "^PX-[0-9]{5}$"},
        "status": {"enum": ["created", "delivered"]},
        "price": {"type": "number", "minimum": 0, "multipleOf": 0.01},
        "courier": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "plate_number": {"type": "string"}},
            "required": ["name"],
        },
        "stops": {"type": "array", "items": {"$ref": "#/$defs/Stop"}, "minItems": 1},
    },
    "required": ["parcel_id", "status", "price", "courier", "stops"],
    "additionalProperties": False,
    "$defs": {
        "Stop": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "next": {"anyOf": [{"$ref": "#/$defs/Stop"}, {"type": "null"}]},
            },
            "required": ["city", "next"],
        }
    },
}


def test_a_chinese_schema_gets_chinese_people():
    schema = {
        "type": "object",
        "properties": {"courier": {"type": "string", "description": "派送包裹的快递员的姓名"}},
    }
    names = {make({**schema, "required": ["courier"]}, seed=seed)["courier"] for seed in range(10)}
    assert len(names) > 5 and all("\u4e00" <= name[0] <= "\u9fff" for name in names)


def test_a_recursive_schema_ends():
    tree = {
        "$ref": "#/$defs/Node",
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Node"}}},
                "required": ["children"],
            }
        },
    }
    for seed in range(30):
        assert not errors(make(tree, seed=seed), tree)


ENDLESS = {
    "$ref": "#/$defs/N",
    "$defs": {"N": {"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}, "required": ["n"]}},
}


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (False, "its schema is false"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "no number"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "least length"),
        ({"type": "string", "pattern": "^a$", "minLength": 4}, r"pattern '\^a\$'.*length from 4"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "types exclude"),
        ({"enum": ["a"], "type": "integer"}, "no value is left"),
        ({"required": ["x"], "properties": {"x": False}, "type": "object"}, "'x' is required and not allowed"),
        ({"type": "object", "properties": {"a": {"type": "array", "minItems": 9999}}, "required": ["a"]}, "^a: .*9999"),
        ({"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": True, "minItems": 3}, "differs from the others"),
        ({"type": "string", "minLength": 10**9}, "1000000000 characters"),
        ({"type": "string", "pattern": "^((a{1000}){1000}){1000}$"}, "no text was found"),
        ({"type": "object", "minProperties": 10**9}, "no value was found in the time and tries"),
        (ENDLESS, "without an end"),
        ({"$ref": "#/$defs/Missing"}, "not in it"),
        ({"$ref": "http://example.com/x.json"}, "not in it"),
        ({"$ref": "#"}, "without an end"),
        ({"type": "string", "pattern": "["}, "no text was found"),
    ],
)  # fmt: skip
def test_an_impossible_schema_is_told_by_name(schema, why):
    with pytest.raises(Unsatisfiable, match=why):
        make(schema, seed=1)


def test_bounds_that_no_float_holds_are_none():
    assert isinstance(
        make({"type": "number", "minimum": float("-inf"), "maximum": float("inf")}, seed=1), float
    )


@pytest.mark.parametrize("pattern", [r"^(a|a)*\1b$", "^((a?){60000}){60000}b$"])
def test_a_slow_pattern_ends_by_name(pattern, monkeypatch):
    monkeypatch.setattr("nodes.mock.building.SECONDS", 0.5)
    with pytest.raises(Unsatisfiable, match="no (text|value) was found"):
        make({"type": "string", "pattern": pattern, "minLength": 40, "format": "email"}, seed=1)


def test_what_is_within_the_rules_stays():
    said = {
        "parcel_id": "px-10422",
        "status": "Delivered",
        "price": "12.5",
        "courier": {"name": "Ann", "extra": 1},
        "x": 0,
    }
    mended, changes = mend(said, PARCEL, seed=3)
    assert mended["parcel_id"] == "PX-10422" and mended["status"] == "delivered" and mended["price"] == 12.5
    assert mended["courier"] == {"name": "Ann", "extra": 1} and len(mended["stops"]) >= 1
    assert {change.field for change in changes} == {"parcel_id", "status", "price", "stops", "x"}
    assert {change.reason for change in changes if change.field == "stops"} == {"it was missing"}


@pytest.mark.parametrize(
    ("schema", "said", "expected"),
    [
        ({"type": "integer", "minimum": 2, "maximum": 9}, 40, 9),
        ({"type": "integer", "multipleOf": 5}, 12, 10),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 31.5}, 80, 31.5),
        ({"type": "number", "multipleOf": 0.5}, 1.3, 1.5),
        ({"type": "string", "maxLength": 5}, "too long", "too"),
        ({"type": "string", "format": "date"}, "2026-03-04T10:00:00", "2026-03-04"),
        ({"type": "boolean"}, "yes", True),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 2}, [1, 2, 3], [1, 2]),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, [1, 1, 2], [1, 2]),
        ({"enum": ["created", "in_transit", "delivered"]}, "In transit", "in_transit"),
    ],
)  # fmt: skip
def test_the_nearest_value_is_taken(schema, said, expected):
    assert mend(said, schema, seed=1)[0] == expected
