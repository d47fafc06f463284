import json

from nodes.json_rules import errors_of
from nodes.language.remote_structured import RemoteRecord
from tests.nodes.conftest import FakeRemote

SCHEMA = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "grams": {"type": "integer", "minimum": 1}},
    "required": ["id", "grams"],
}


async def test_what_a_server_says_is_checked_and_mended_field_by_field(make_context):
    remote, reports = FakeRemote([['Sure: {"id": "P-1", ', '"grams": "heavy"}']]), []
    context = make_context(remote=remote, report=lambda *args: reports.append(args))
    record = await RemoteRecord(json_schema=json.dumps(SCHEMA), model_name="m").run(context, "A parcel.")
    assert record.data["id"] == "P-1" and errors_of(record.data, SCHEMA) == []
    assert reports[-1][1]["repaired"] == ["grams"]
    (call,) = remote.calls
    assert call["schema"] == SCHEMA and json.dumps(SCHEMA) in call["messages"][0]["content"]
    assert RemoteRecord.sends_out and "model" not in RemoteRecord.model_fields
