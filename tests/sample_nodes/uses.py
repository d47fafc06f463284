from typing import Any

from nodes.base import Context, Node
from nodes.tools.tool import Tool


class Uses(Node):
    """Calls one of its tools, as a model would."""

    tool: str = ""
    arguments: dict[str, Any] = {}

    async def run(self, ctx: Context, tools: list[Tool]) -> str:
        if not self.tool:
            return ", ".join(tool.name for tool in tools)
        wanted = next(tool for tool in tools if tool.name == self.tool)
        return await ctx.tools.call(wanted, self.arguments)
