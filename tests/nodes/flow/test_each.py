import pytest

from nodes.base import NodeError
from nodes.flow.each import Each


async def test_it_is_run_by_the_engine():
    with pytest.raises(NodeError, match="for every item"):
        await Each().run(items=[])


def test_its_bounds_are_held():
    assert Each().inputs() == {"items": object} and Each().at_once == 4
    with pytest.raises(ValueError, match="at_once"):
        Each(at_once=0)
