"""What the nodes make of a server's tools; tests/outside/test_mcp_servers.py asks a real one."""

import pytest

from nodes.base import NodeError
from nodes.services.mcp import McpTool
from nodes.services.requests import Auth
from nodes.tools.mcp import Mcp
from nodes.tools.mcp_call import McpCall


class FakeMcp:
    def __init__(self):
        self.asked = []

    async def tools(self, server):
        self.asked.append(server)
        return [McpTool(name="a.b", description="Does it.", parameters={"type": "object", "properties": {}})]

    async def call(self, server, tool, arguments):
        self.asked.append((tool, arguments))
        return "done"


@pytest.fixture
def ctx(make_context):
    return make_context(mcp=FakeMcp())


async def test_a_tool_carries_the_server_and_the_secret_s_name(ctx):
    (tool,) = (await Mcp(server="https://m.example/mcp", auth="bearer", secret="m").run(ctx)).tools
    assert (tool.name, tool.kind) == ("a_b", "tools.mcp_call")
    assert McpCall(**tool.settings) == McpCall(
        server="https://m.example/mcp", auth="bearer", secret="m", tool="a.b"
    )
    assert ctx.mcp.asked[0].auth == Auth(kind="bearer", secret="m")


async def test_without_the_service_it_says_so(make_context):
    with pytest.raises(NodeError, match="asks no MCP servers"):
        await Mcp(server="x").run(make_context())
