"""An answer made from an operation's schema."""

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Operation
from nodes.json_rules import errors_of
from nodes.tools.mock_response import MockResponse
from tests.nodes.conftest import FakeApis
from tests.nodes.mock.test_records import PARCEL

FAILED = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
LISTED = {"type": "array", "items": PARCEL["properties"]["courier"], "minItems": 1}
GET = Operation(ref="Deliveries: GET /parcels/{id}", responses={"404": FAILED, "200": PARCEL, "4XX": LISTED})


@pytest.fixture
def ctx(make_context):
    return make_context(apis=FakeApis(GET), run_id="r", node_id="n")


async def test_the_answer_that_says_success_is_made(ctx):
    record = await MockResponse(operation=GET.ref, seed=1).run(ctx)
    assert errors_of(record.data, PARCEL) == []
    assert await MockResponse(operation=GET.ref, seed=1).run(ctx) == record
    assert await MockResponse(operation=GET.ref, seed=2).run(ctx) != record


async def test_without_a_seed_each_run_has_its_own(make_context):
    made = [
        (await MockResponse().run(make_context(apis=FakeApis(GET), run_id=run))).data for run in ("a", "b")
    ]
    assert made[0] != made[1]


@pytest.mark.parametrize(("status", "schema"), [("404", FAILED), ("410", LISTED)])
async def test_another_status_is_another_schema(ctx, status, schema):
    record = await MockResponse(status=status).run(ctx)
    assert errors_of(record.data, schema) == []


async def test_a_status_that_is_not_described_names_those_that_are(ctx):
    with pytest.raises(NodeError, match="no answer 302 .*404, 200, 4XX"):
        await MockResponse(status="302").run(ctx)


@pytest.mark.parametrize(
    ("question", "field", "value"),
    [
        ("Give me a parcel with status=delivered", "status", "delivered"),
        ("来一个 status 是 delivered 的包裹", "status", "delivered"),
        ("A created one, please", "status", "created"),
        ("What about PX-77341?", "parcel_id", "PX-77341"),
        ("price: 12.5", "price", 12.5),
    ],
)
async def test_what_the_question_says_is_so(ctx, question, field, value):
    for seed in range(6):
        record = await MockResponse(seed=seed).run(ctx, question)
        assert record.data[field] == value and errors_of(record.data, PARCEL) == []
    assert ctx.apis.asked[-1] == ("", question)


async def test_what_the_schema_forbids_is_not_taken_from_the_question(ctx):
    record = await MockResponse(seed=1).run(ctx, "status=stolen parcel_id=7 price=-4")
    assert errors_of(record.data, PARCEL) == []


async def test_an_operation_without_a_schema_is_told(make_context):
    ctx = make_context(apis=FakeApis(Operation(ref="x")))
    with pytest.raises(NodeError, match="'x' describes no answer"):
        await MockResponse().run(ctx)


async def test_without_api_descriptions_it_says_so(make_context):
    with pytest.raises(NodeError, match="no API descriptions"):
        await MockResponse().run(make_context())


def test_a_status_has_three_digits():
    with pytest.raises(ValidationError):
        MockResponse(status="ok")
