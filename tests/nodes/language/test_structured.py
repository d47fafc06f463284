"""A record that satisfies its schema, whatever the model says."""

import json

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Operation, PromptTooLong
from nodes.json_rules import errors_of
from nodes.language.fields import schema_of
from nodes.language.structured import StructuredRecord
from tests.nodes.conftest import FakeApis

PROMPT = "Make a parcel record.\nFields:\n- parcel_id: string\n- weight_kg: number\n- status: enum (enum: created, delivered)"
SCHEMA = schema_of(PROMPT)


async def test_the_schema_is_read_from_the_prompt(make_context, models):
    models.answers = ['{"parcel_id": "P-1", "weight_kg": 2.5, "status": "created"}']
    record = await StructuredRecord().run(make_context(), PROMPT)
    assert record.data == {"parcel_id": "P-1", "weight_kg": 2.5, "status": "created"}
    assert models.calls[0]["schema"]["required"] == ["parcel_id", "weight_kg", "status"]


async def test_what_breaks_a_rule_is_repaired_and_said(make_context, models):
    models.answers = ['{"parcel_id": "P-1", "weight_kg": "heavy", "status": "lost", "extra": 1}']
    reports = []
    record = await StructuredRecord().run(make_context(report=lambda *args: reports.append(args)), PROMPT)
    assert record.data["parcel_id"] == "P-1" and errors_of(record.data, SCHEMA) == []
    ((kind, told),) = reports
    assert (kind, told["repaired"], told["cut_off"]) == ("metric", ["weight_kg", "status", "extra"], False)
    assert "heavy" in told["reasons"]["weight_kg"] and "lost" in told["reasons"]["status"]


async def test_half_a_record_is_still_valid_in_the_end(make_context, models):
    models.answers = ['{"parcel_id": "P-']
    record = await StructuredRecord().run(make_context(), PROMPT)
    assert errors_of(record.data, SCHEMA) == []


async def test_a_prompt_that_is_too_long_is_asked_again_with_the_fields_alone(make_context, models):
    models.answers, models.reads = ['{"parcel_id": "P-1", "weight_kg": 2.5, "status": "created"}'], 200
    reports = []
    context = make_context(report=lambda *args: reports.append(args))
    await StructuredRecord().run(context, f"{'Parcels are heavy. ' * 40}\n{PROMPT}\n\nQuestion: Make one.")
    assert len(models.calls) == 2 and "- weight_kg: number" in models.calls[1]["prompt"]
    assert ("metric", {"shortened": "to the fields of the record"}) in reports
    models.reads = 10
    with pytest.raises(PromptTooLong):
        await StructuredRecord().run(make_context(), PROMPT)


async def test_without_any_schema_it_says_what_would_work(make_context):
    with pytest.raises(NodeError, match="json_schema"):
        await StructuredRecord().run(make_context(), "Make something.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not JSON"),
        ('{"properties": 3}', "not a JSON Schema"),
        ("[]", "at its top"),
        ('{"type": ["object"]}', "at its top"),
    ],
)
def test_a_bad_schema_is_refused_by_the_setting(text, why):
    with pytest.raises(ValidationError, match=why):
        StructuredRecord(json_schema=text)


async def test_a_record_that_no_value_can_be_is_refused_by_name(make_context, models):
    models.answers = ["{}"]
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 3, "maximum": 2}},
        "required": ["n"],
    }
    with pytest.raises(NodeError, match="n: no number lies within its bounds"):
        await StructuredRecord(json_schema=json.dumps(schema)).run(make_context(), "Make something.")


async def test_the_schema_may_be_an_operation_s(make_context, models):
    models.answers = ['{"parcel_id": "P-1", "weight_kg": 2.5, "status": "created"}']
    apis = FakeApis(Operation(ref="Deliveries: GET /parcels", responses={"404": {}, "200": SCHEMA}))
    record = await StructuredRecord(operation="Deliveries: GET /parcels").run(
        make_context(apis=apis), "A parcel."
    )
    assert record.data["status"] == "created" and models.calls[0]["schema"] == SCHEMA
