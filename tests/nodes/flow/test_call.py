import pytest

from nodes.base import NodeError
from nodes.flow.call import Call


async def test_its_inputs_are_what_the_flow_is_run_with():
    assert Call(given=("question", "tone")).inputs() == {"question": object, "tone": object}


async def test_it_needs_its_flow():
    with pytest.raises(NodeError, match="not been looked up"):
        await Call(flow="other").run(question="hi")
