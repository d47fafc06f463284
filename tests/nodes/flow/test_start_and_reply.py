import pytest

from nodes.base import NodeError
from nodes.flow.reply import Reply
from nodes.flow.start import Start
from nodes.types import Record


async def test_start_gives_the_question(make_context):
    assert await Start().run(make_context(inputs={"question": "Why?"})) == "Why?"


async def test_start_falls_back_on_its_example(make_context):
    assert await Start(example="Make a record.").run(make_context()) == "Make a record."


async def test_start_with_nothing_says_so(make_context):
    with pytest.raises(NodeError, match="'question'"):
        await Start().run(make_context())


async def test_a_record_is_answered_as_json():
    assert await Reply().run(Record(data={"stadt": "Köln"})) == '{"stadt": "Köln"}'
