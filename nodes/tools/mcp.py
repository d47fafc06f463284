from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.services.mcp import McpTool
from nodes.tools.mcp_settings import McpSettings
from nodes.tools.tool import Tool

CALL = "tools.mcp_call"


@dataclass(frozen=True)
class Offered:
    tools: list[Tool]


class Mcp(McpSettings, Node):
    """Gives a model the tools of a server of the Model Context Protocol. What they are given leaves your machines."""

    title = "MCP server"
    icon = "plug"
    tags = ("model context protocol", "tools", "agent", "server", "client")
    sends_out = True

    tools: tuple[str, ...] = Field((), max_length=100)
    """Which of its tools are given; none names all. An agent does better with few."""

    async def run(self, ctx: Context) -> Offered:
        there = {tool.name: tool for tool in await self.service(ctx).tools(self.asked)}
        unknown = [name for name in self.tools if name not in there]
        if unknown:
            raise NodeError(
                f"Setting 'tools': the server has no '{unknown[0]}'. It has: {', '.join(list(there)[:30]) or 'none'}."
            )
        chosen = [there[name] for name in self.tools or there]
        ctx.report("metric", {"tools": [tool.name for tool in chosen]})
        return Offered([self._tool(tool) for tool in chosen])

    def _tool(self, tool: McpTool) -> Tool:
        shared = {name: getattr(self, name) for name in McpSettings.model_fields}
        return Tool(
            name=re.sub(r"[^A-Za-z0-9_-]", "_", tool.name)[:64] or "tool",
            description=tool.description,
            parameters=tool.parameters,
            kind=CALL,
            settings={**shared, "tool": tool.name},
        )
