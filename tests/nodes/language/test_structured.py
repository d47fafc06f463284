"""A record that satisfies its schema, whatever the model says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.language.fields import schema_of
from nodes.language.repair import errors_of, repair
from nodes.language.structured import StructuredRecord

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
    assert record.data == {"parcel_id": "P-1", "weight_kg": 0.0, "status": "created"}
    assert reports == [("metric", {"repaired": ["weight_kg", "status"]})]


async def test_half_a_record_is_still_valid_in_the_end(make_context, models):
    models.answers = ['{"parcel_id": "P-']
    record = await StructuredRecord().run(make_context(), PROMPT)
    assert errors_of(record.data, SCHEMA) == []


async def test_without_any_schema_it_says_what_would_work(make_context):
    with pytest.raises(NodeError, match="json_schema"):
        await StructuredRecord().run(make_context(), "Make something.")


@pytest.mark.parametrize(
    ("text", "why"), [("{", "not JSON"), ('{"properties": 3}', "not a JSON Schema"), ("[]", "at its top")]
)
def test_a_bad_schema_is_refused_by_the_setting(text, why):
    with pytest.raises(ValidationError, match=why):
        StructuredRecord(json_schema=text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
NAMES = ["parcel_id", "weight_kg", "status", "other"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON) | JSON)
def test_whatever_comes_the_repaired_record_is_valid(record):
    repaired, _ = repair(record, SCHEMA)
    assert errors_of(repaired, SCHEMA) == []
    assert json.loads(json.dumps(repaired)) == repaired


@given(
    st.fixed_dictionaries(
        {"parcel_id": st.text(min_size=1), "weight_kg": st.integers(), "status": st.just("created")}
    )
)
def test_a_valid_record_is_left_alone(record):
    assert repair(record, SCHEMA) == (record, [])
