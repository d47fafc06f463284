import pytest
from pydantic import ValidationError

from flowbuilder.engine.ports import outputs_of, type_name
from nodes.base import NodeError
from nodes.flow.form import Form

FIELDS = [
    {"kind": "text", "name": "name", "label": "Your name"},
    {"kind": "number", "name": "age", "required": False},
    {"kind": "yes_no", "name": "gift"},
]


async def test_each_field_is_an_output_of_its_type(make_context):
    form = Form(fields=FIELDS)
    assert [(port.name, type_name(port.type)) for port in outputs_of(form).ports] == [
        ("name", "text"),
        ("age", "number"),
        ("gift", "yes/no"),
    ]
    given = {"name": "Ada", "gift": "yes"}
    assert await form.run(make_context(inputs=given)) == {"name": "Ada", "age": None, "gift": True}


async def test_what_is_missing_is_named(make_context):
    with pytest.raises(NodeError, match="'Your name': this is needed"):
        await Form(fields=FIELDS).run(make_context(inputs={}))


async def test_nobody_was_asked_where_a_trigger_started_the_run(make_context):
    assert await Form(fields=FIELDS).run(make_context(inputs={"webhook": {"body": {}}})) == {}


def test_two_fields_of_one_name_are_refused():
    with pytest.raises(ValidationError, match="two fields are called 'a'"):
        Form(fields=[{"kind": "text", "name": "a"}, {"kind": "number", "name": "a"}])
