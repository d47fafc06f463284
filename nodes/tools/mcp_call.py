from __future__ import annotations

from typing import Any

from pydantic import Field

from nodes.base import Context, NodeError
from nodes.services.mcp import McpTool
from nodes.tools.mcp_settings import McpSettings
from nodes.tools.plain import plain, read
from nodes.tools.tool_node import ToolNode

ALL = "values"


class McpCall(McpSettings, ToolNode):
    """Calls one tool of a server of the Model Context Protocol. What it is given leaves your machines."""

    title = "MCP tool"
    icon = "plug-zap"
    tags = ("model context protocol", "server", "client", "call")
    sends_out = True

    tool: str = Field("", max_length=200)
    """The tool's name on the server."""
    wired: tuple[str, ...] = Field((), max_length=50)
    """Arguments that become inputs of their own. The input 'values' takes any as JSON."""

    def inputs(self) -> dict[str, Any]:
        return {**dict.fromkeys(self.wired, object | None), ALL: object | None}

    async def parameters(self, ctx: Context) -> dict[str, Any]:
        return (await self._described(ctx)).parameters

    async def about(self, ctx: Context) -> str:
        return (await self._described(ctx)).description

    async def _described(self, ctx: Context) -> McpTool:
        there = await self.service(ctx).tools(self.asked)
        found = next((tool for tool in there if tool.name == self.tool), None)
        if found is None:
            names = ", ".join(tool.name for tool in there[:30]) or "none"
            raise NodeError(f"Setting 'tool': the server has no '{self.tool}'. It has: {names}.")
        return found

    async def run(self, ctx: Context, **given: object) -> str:
        if not self.tool:
            raise NodeError("Setting 'tool' is empty: write the name of one of the server's tools.")
        told = read(given.pop(ALL, None) or {})
        if not isinstance(told, dict):
            raise NodeError(f"The input '{ALL}' takes a JSON object: a value by the name of each argument.")
        arguments = {**told, **{name: plain(value) for name, value in given.items()}}
        return await self.service(ctx).call(self.asked, self.tool, arguments)
