"""Read variable and Set variable."""

import pytest

from nodes.base import NodeError
from nodes.flow.read_variable import ReadVariable
from nodes.flow.set_variable import SetVariable
from nodes.types import Record
from tests.nodes.conftest import FakeVariables


@pytest.fixture
def context(make_context):
    return make_context(variables=FakeVariables())


@pytest.mark.parametrize(
    ("does", "held", "given", "now"),
    [
        ("set", None, "a", "a"),
        ("set", 3, Record(data={"b": 1}), {"b": 1}),
        ("set", None, '{"read": "as json"}', {"read": "as json"}),
        ("set once", None, "first", "first"),
        ("set once", "first", "second", "first"),
        ("add number", None, "2", 2.0),
        ("add number", 2.0, 0.5, 2.5),
        ("append to list", None, "a", ["a"]),
        ("append to list", ["a"], "b", ["a", "b"]),
        ("append to text", "a", "b", "ab"),
        ("forget", "a", "whatever", None),
    ],
)
async def test_what_is_done_to_it(context, does, held, given, now):
    context.variables.held["run", "it"] = held
    done = await SetVariable(scope="run", name="it", does=does).run(context, given)
    assert done == {"out": given, "now": now}
    assert context.variables.held["run", "it"] == now


async def test_what_cannot_be_done_is_named(context):
    context.variables.held["run", "it"] = "a text"
    for does, why in (("add number", "holds no number"), ("append to list", "holds no list")):
        with pytest.raises(NodeError, match=f"'it' {why}"):
            await SetVariable(scope="run", name="it", does=does).run(context, "1")
    with pytest.raises(NodeError, match="Setting 'name'"):
        await SetVariable().run(context, "1")


async def test_it_is_read_as_a_type(context):
    context.variables.held["workspace", "limit"] = 4.0
    context.variables.held["workspace", "order"] = {"a": 1}
    assert await ReadVariable(scope="workspace", name="limit", gives="number").run(context) == {"out": 4.0}
    assert await ReadVariable(scope="workspace", name="limit").run(context) == {"out": "4.0"}
    assert (await ReadVariable(scope="workspace", name="order", gives="json").run(context))["out"].data == {
        "a": 1
    }
    with pytest.raises(NodeError, match="'order' cannot be read as number"):
        await ReadVariable(scope="workspace", name="order", gives="number").run(context)


async def test_what_nobody_has_set_is_the_default_or_untaken(context):
    assert await ReadVariable(name="it").run(context) == {}
    assert await ReadVariable(name="it", default="7", gives="number").run(context) == {"out": 7.0}
    with pytest.raises(NodeError, match="Setting 'name'"):
        await ReadVariable().run(context)
