"""What a call of an MCP tool is made of."""

import pytest

from nodes.base import NodeError
from nodes.tools.mcp_call import McpCall


class FakeMcp:
    def __init__(self):
        self.asked = []

    async def call(self, server, tool, arguments):
        self.asked.append((tool, arguments))
        return "done"


@pytest.fixture
def ctx(make_context):
    return make_context(mcp=FakeMcp())


async def test_arguments_are_put_together(ctx):
    node = McpCall(server="x", tool="a.b")
    assert await node.run(ctx, values={"a": 1}, b="2") == "done"
    assert ctx.mcp.asked == [("a.b", {"a": 1, "b": "2"})]
    with pytest.raises(NodeError, match="takes a JSON object"):
        await node.run(ctx, values="[1]")
    with pytest.raises(NodeError, match="Setting 'tool' is empty"):
        await McpCall(server="x").run(ctx)
