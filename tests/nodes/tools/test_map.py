import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.tools.map import Map
from nodes.types import Record

ORDERS = {"orders": [{"id": 1, "total": 250, "city": "Kiel"}, {"id": 2, "total": 40, "city": "Graz"}]}


@pytest.mark.parametrize(
    ("expression", "data", "text"),
    [
        ("orders[?total > `100`].city", ORDERS, '["Kiel"]'),
        ("orders[0].city", ORDERS, "Kiel"),
        ("orders[].{n: id}", Record(data=ORDERS), '[{"n": 1}, {"n": 2}]'),
        ("length(orders)", '```json\n{"orders": [1, 2, 3]}\n```', "3"),
        ("sum(orders[].total)", ORDERS, "290"),
        ("@", "plain words", "plain words"),
    ],
)
async def test_parts_are_taken(expression, data, text):
    assert (await Map(expression=expression).run(data)).text == text


async def test_what_is_not_there_is_told_with_what_is():
    with pytest.raises(NodeError, match="nothing in the input is at 'order'; it has orders"):
        await Map(expression="order").run(ORDERS)
    with pytest.raises(NodeError, match="Setting 'expression' does not fit"):
        await Map(expression="sum(orders)").run(ORDERS)


@pytest.mark.parametrize(
    ("expression", "why"),
    [("orders[", "no JMESPath"), ("", "at least 1"), ("[" * 100, "deeper than"), ("nope(@)", "")],
)
async def test_an_expression_that_cannot_be_read_is_a_setting_s_error(expression, why):
    if why:
        with pytest.raises(ValidationError, match=why):
            Map(expression=expression)
    else:
        with pytest.raises(NodeError, match="Unknown function"):
            await Map(expression=expression).run({})
