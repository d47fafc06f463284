"""A call holds to the description: values are checked, put where each belongs, and answered by the server or the schema."""

import json
from dataclasses import dataclass, field

import pytest

from nodes.base import NodeError, Operation
from nodes.json_rules import errors_of
from nodes.services.requests import Response
from nodes.tools.api_operation import ApiOperation
from tests.nodes.conftest import FakeApis

PARCEL = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "weight": {"$ref": "#/$defs/Weight"}},
    "required": ["id", "weight"],
    "$defs": {"Weight": {"type": "number", "minimum": 0, "maximum": 30}},
}
PUT = Operation(
    ref="Deliveries: PUT /depots/{depot}/parcels/{id}",
    summary="Changes a parcel.",
    method="PUT",
    path="/depots/{depot}/parcels/{id}",
    request=PARCEL,
    request_type="application/json",
    request_required=True,
    responses={"200": PARCEL},
    server="https://api.example.com/v1/",
    parameters=(
        {"name": "depot", "in": "path", "required": True, "description": "Which depot", "schema": {"type": "integer"}},
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "tag", "in": "query", "required": False, "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "X-Trace", "in": "header", "required": False, "schema": {"type": "string"}},
        {"name": "session", "in": "cookie", "required": True, "schema": {"type": "string"}},
    ),
)  # fmt: skip
GIVEN = {"depot": "7", "id": "a/b", "body": '{"id": "PX-1", "weight": 2}'}


@dataclass
class FakeRequests:
    answer: Response = Response(status=200, headers={}, text='{"id": "PX-1", "weight": 2}')
    sent: list = field(default_factory=list)

    async def send(self, request):
        self.sent.append(request)
        return self.answer


@pytest.fixture
def requests():
    return FakeRequests()


@pytest.fixture
def ctx(make_context, requests):
    return make_context(apis=FakeApis(PUT), requests=requests, run_id="r", node_id="n")


async def test_parameters_of_the_path_are_inputs():
    node = ApiOperation(operation=PUT.ref, wired=("tag",))
    assert list(node.inputs()) == ["depot", "id", "tag", "body", "values"]


async def test_a_model_is_told_types_and_what_is_needed(ctx):
    node = ApiOperation(operation=PUT.ref)
    schema = await node.parameters(ctx)
    assert schema["properties"]["depot"] == {"type": "integer", "description": "Which depot"}
    assert schema["required"] == ["depot", "id", "body"] and "session" not in schema["properties"]
    good = {"depot": 7, "id": "a", "body": {"id": "x", "weight": 3}}
    assert errors_of(good, schema) == []
    assert errors_of({**good, "body": {"id": "x", "weight": 31}}, schema)
    assert await node.about(ctx) == "Changes a parcel."


async def test_values_go_where_each_belongs(ctx, requests):
    node = ApiOperation(operation=PUT.ref, answers="server", wired=("tag", "X-Trace"))
    found = await node.run(ctx, **GIVEN, tag=["x", "y&z"], **{"X-Trace": "a\nb"})
    (sent,) = requests.sent
    assert sent.url == "https://api.example.com/v1/depots/7/parcels/a%2Fb?tag=x&tag=y%26z"
    assert (sent.method, json.loads(sent.content)) == ("PUT", {"id": "PX-1", "weight": 2})
    assert sent.headers == {"X-Trace": "a b", "Content-Type": "application/json"}
    assert (found.data, found.status) == ({"id": "PX-1", "weight": 2}, 200)


async def test_values_may_come_as_one_object(ctx, requests):
    node = ApiOperation(operation=PUT.ref, answers="server", server="http://here:8000")
    await node.run(ctx, values=json.dumps({"depot": 1, "id": "x", "body": {"id": "x", "weight": 0}}))
    assert requests.sent[0].url == "http://here:8000/depots/1/parcels/x"


async def test_the_schema_answers_without_asking_anybody(ctx, requests):
    found = await ApiOperation(operation=PUT.ref, seed=3).run(ctx, **GIVEN)
    assert errors_of(found.data, PARCEL) == [] and requests.sent == []
    assert found.data["id"] == "a/b"  # as the mock server: what stands in the path comes back


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"id": "a"}, "needs 'depot'"),
        ({**GIVEN, "depot": "seven"}, "was not called: 'depot': 'seven' is not of type 'integer'"),
        ({**GIVEN, "body": {"id": "x", "weight": 99}}, "'body': 99 is greater than the maximum"),
        ({**GIVEN, "colour": "red"}, "takes no 'colour'. It takes: depot, id, tag, X-Trace, body"),
        ({**GIVEN, "id": ".."}, "would lead elsewhere"),
        ({"values": "[1]"}, "takes a JSON object"),
    ],
)
async def test_what_is_wrong_is_told_before_anybody_is_asked(ctx, requests, values, why):
    with pytest.raises(NodeError) as failed:
        await ApiOperation(operation=PUT.ref, answers="server").run(ctx, **values)
    assert why in str(failed.value) and requests.sent == []


async def test_a_refusal_of_the_server(ctx, requests):
    requests.answer = Response(status=409, headers={}, text='{"error": "locked"}')
    with pytest.raises(NodeError, match="answered with status 409: .*locked"):
        await ApiOperation(operation=PUT.ref, answers="server").run(ctx, **GIVEN)
    found = await ApiOperation(operation=PUT.ref, answers="server", fails=False).run(ctx, **GIVEN)
    assert found.status == 409


async def test_errors_name_the_setting(ctx, make_context):
    with pytest.raises(NodeError, match="Setting 'operation' is empty"):
        await ApiOperation().run(ctx)
    nowhere = make_context(apis=FakeApis(Operation(ref="x", responses={"200": {}})), requests=ctx.requests)
    with pytest.raises(NodeError, match="Setting 'server'"):
        await ApiOperation(operation="x", answers="server").run(nowhere)
