import pytest
from pydantic import TypeAdapter, ValidationError

from nodes.flow.fields import FormField, check, fields_of
from nodes.types import Record

FIELDS = TypeAdapter(list[FormField])


def fields(*described):
    return FIELDS.validate_python(list(described))


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ({"kind": "text"}, " Ada ", " Ada "),
        ({"kind": "text", "default": "Graz"}, "", "Graz"),
        ({"kind": "long_text", "required": False}, None, ""),
        ({"kind": "number"}, "2.5", 2.5),
        ({"kind": "number", "required": False}, "", None),
        ({"kind": "number", "whole": True, "minimum": 1, "maximum": 3}, 3, 3.0),
        ({"kind": "yes_no"}, "on", True),
        ({"kind": "yes_no"}, None, False),
        ({"kind": "choice", "choices": ["S", "M"]}, "M", "M"),
        ({"kind": "date"}, "2030-01-31", "2030-01-31"),
        ({"kind": "file"}, "a,b\n1,2", "a,b\n1,2"),
    ],
)
def test_what_is_given_becomes_a_value(field, given, value):
    values, wrong = check(fields({"name": "it", **field}), {"it": given})
    assert not wrong and values == {"it": value}


@pytest.mark.parametrize(
    ("field", "given", "why"),
    [
        ({"kind": "text"}, "  ", "this is needed"),
        ({"kind": "text"}, 7, "a text is needed, not 7"),
        ({"kind": "number"}, "many", "a number is needed, not 'many'"),
        ({"kind": "number"}, True, "a number is needed, not true"),
        ({"kind": "number"}, "inf", "a number is needed"),
        ({"kind": "number", "whole": True}, 1.5, "a whole number is needed, not 1.5"),
        ({"kind": "number", "maximum": 3}, 4, "at most 3, not 4"),
        ({"kind": "yes_no"}, "perhaps", "true or false is needed"),
        ({"kind": "choice", "choices": ["S", "M"]}, "L", "one of S, M is needed, not 'L'"),
        ({"kind": "date"}, "31.1.2030", "a day like 2030-01-31 is needed"),
        ({"kind": "json"}, "{", "this is not JSON"),
        ({"kind": "json"}, "7", "a JSON object or list is needed"),
    ],
)
def test_what_cannot_be_read_is_named(field, given, why):
    values, wrong = check(fields({"name": "parcel_size", **field}), {"parcel_size": given})
    assert not values and wrong["parcel_size"].startswith(f"'Parcel size': {why}")


def test_json_is_read_from_text_and_as_it_is():
    [field] = fields({"kind": "json", "name": "order"})
    assert field.accept('{"a": [1]}').data == field.accept({"a": [1]}).data == {"a": [1]}
    assert field.accept(Record(data=[1])) == Record(data=[1])  # from a flow that calls this one


def test_fields_that_cannot_work_are_refused():
    with pytest.raises(ValidationError, match="'webhook' is taken"):
        fields({"kind": "text", "name": "webhook"})
    with pytest.raises(ValidationError, match="none of its choices"):
        fields({"kind": "choice", "name": "size", "choices": ["S"], "default": "L"})


def test_a_json_schema_is_asked_for_field_by_field():
    schema = {
        "type": "object",
        "required": ["amount"],
        "properties": {
            "amount": {"type": "integer", "minimum": 1, "title": "How much", "description": "In euros"},
            "reason": {"enum": ["damage", "loss"], "default": "loss"},
            "sure": {"type": "boolean", "default": True},
            "since": {"type": "string", "format": "date"},
            "note": {"type": "string", "maxLength": 1000},
            "lines": {"type": "array"},
            "odd name": {"type": "string"},
        },
    }
    found = fields_of(schema)
    assert [field.kind for field in found] == [
        "number",
        "choice",
        "yes_no",
        "date",
        "long_text",
        "json",
        "text",
    ]
    assert found[0].describe()["label"] == "How much"
    values, wrong = check(found, {"amount": "0", "reason": ""})
    assert wrong == {"amount": "'How much': at least 1, not 0."}
    assert values["reason"] == "loss" and values["sure"] is True and values["lines"] is None
