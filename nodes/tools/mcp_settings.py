"""Settings of a node that asks an MCP server."""

from __future__ import annotations

from pydantic import Field

from nodes.base import Context, NodeError
from nodes.services.mcp import Mcp, McpServer
from nodes.tools.signing_in import SigningIn


class McpSettings(SigningIn):
    server: str = Field("", max_length=500)
    """Where it answers, such as https://mcp.example.com/mcp, or the name of a command that an administrator set up."""
    seconds: float = Field(30, ge=1, le=300)
    """How long each question may take."""

    @property
    def asked(self) -> McpServer:
        if not self.server.strip():
            raise NodeError(
                "Setting 'server' is empty: write where the MCP server answers, such as https://mcp.example.com/mcp."
            )
        return McpServer(address=self.server.strip(), auth=self.signing_in, seconds=self.seconds)

    @staticmethod
    def service(ctx: Context) -> Mcp:
        if ctx.mcp is None:
            raise NodeError("This installation asks no MCP servers.")
        return ctx.mcp
