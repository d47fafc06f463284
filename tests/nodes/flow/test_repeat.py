import pytest

from nodes.base import NodeError
from nodes.flow.repeat import Repeat
from nodes.types import Score


@pytest.mark.parametrize(
    ("outputs", "enough"),
    [
        ({}, False),
        ({"done": None}, False),
        ({"done": "no"}, False),
        ({"done": " False "}, False),
        ({"done": False}, False),
        ({"done": 0}, False),
        ({"done": "yes"}, True),
        ({"done": True}, True),
        ({"done": Score(value=0.9)}, True),
        ({"other": "yes"}, False),
    ],
)
def test_it_is_enough_when_something_arrives_that_does_not_deny(outputs, enough):
    assert Repeat().enough(outputs) is enough


async def test_it_is_run_by_the_engine():
    with pytest.raises(NodeError, match="again and again"):
        await Repeat().run()
