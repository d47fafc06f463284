"""Servers of the Model Context Protocol, at addresses that the administrator allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from nodes.services.requests import Auth


@dataclass(frozen=True, kw_only=True)
class McpServer:
    address: str
    """``https://...``, or the name of a command that the administrator has set up."""
    auth: Auth = field(default_factory=Auth)
    seconds: float = 30


@dataclass(frozen=True, kw_only=True)
class McpTool:
    """What a server offers."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=lambda: {"type": "object", "properties": {}})


class Mcp(Protocol):
    async def tools(self, server: McpServer) -> Sequence[McpTool]:
        """All that it offers. Errors: ``NodeError`` naming the server or the secret."""
        ...

    async def call(self, server: McpServer, tool: str, arguments: Mapping[str, Any]) -> str:
        """The tool's answer as text. Errors: ``NodeError``, also with what the tool itself says went wrong."""
        ...
