"""``nodes.services.mcp.Mcp``: the official client, over the checked network; commands only where the administrator names them."""

from __future__ import annotations

import asyncio
import json
import logging
import shlex
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from flowbuilder.outbound import Refused
from flowbuilder.outbound_async import must_be_listed
from flowbuilder.outside.requests import signed
from flowbuilder.secrets.revealing import revealed
from nodes.base import NodeError
from nodes.services.mcp import McpServer, McpTool

log = logging.getLogger(__name__)
MOST_PAGES = 20
Clean = Callable[[str], str]


@dataclass(frozen=True)
class NodeMcp:
    """For the nodes of one workspace."""

    workspace_id: uuid.UUID

    async def tools(self, server: McpServer) -> list[McpTool]:
        found: list[McpTool] = []
        async with self._asking(server) as (client, _):
            cursor = None
            for _page in range(MOST_PAGES):
                listed = await client.list_tools(cursor=cursor)
                found += [
                    McpTool(name=tool.name, description=tool.description or "", parameters=tool.input_schema)
                    for tool in listed.tools
                ]
                cursor = listed.next_cursor
                if not cursor:
                    break
        return found

    async def call(self, server: McpServer, tool: str, arguments: Mapping[str, Any]) -> str:
        async with self._asking(server) as (client, clean):
            answer = await client.call_tool(tool, dict(arguments))
        said = clean(_text(answer))
        if answer.is_error:
            raise NodeError(f"'{tool}' refused: {said[:1000] or 'it did not say why'}")
        return said

    @asynccontextmanager
    async def _asking(self, server: McpServer) -> AsyncIterator[tuple[Any, Clean]]:
        """A client for a few questions; whatever goes wrong becomes a sentence."""
        from mcp import Client

        transport, clean = await self._way(server)
        where = _where(server)
        try:
            async with (
                asyncio.timeout(server.seconds),
                Client(transport, read_timeout_seconds=server.seconds) as client,
            ):
                yield client, clean
        except TimeoutError as error:
            raise NodeError(
                f"The MCP server {where} did not answer within {server.seconds:g} s; see 'seconds'."
            ) from error
        except Exception as error:
            raise NodeError(f"The MCP server {where} {clean(_reason(error))}") from error

    async def _way(self, server: McpServer) -> tuple[Any, Clean]:
        if "://" not in server.address:
            return _command(server.address), str
        try:
            must_be_listed(server.address)
        except Refused as error:
            raise NodeError(f"Setting 'server': {error}") from error
        return await self._over_http(server)

    async def _over_http(self, server: McpServer) -> tuple[Any, Clean]:
        import httpx2
        from mcp.client.streamable_http import streamable_http_client

        from flowbuilder.outside.bridge import Bridge

        headers, params, clean = {}, {}, str
        if server.auth.kind != "none":
            value = await revealed(self.workspace_id, server.auth.secret, server.address)
            headers, params, clean = signed({}, server.auth, value)

        @asynccontextmanager
        async def way() -> AsyncIterator[Any]:
            http = httpx2.AsyncClient(
                transport=Bridge(headers, params), timeout=server.seconds, trust_env=False
            )
            async with http, streamable_http_client(server.address, http_client=http) as streams:
                yield streams

        return way(), clean


def _command(name: str) -> Any:
    """A program of this machine that speaks over its standard streams: off until an administrator names it."""
    from mcp import StdioServerParameters

    known = settings.FLOWBUILDER_MCP_COMMANDS
    if name not in known:
        listed = ", ".join(known) or "none"
        raise NodeError(
            f"Setting 'server': '{name[:60]}' is no address and no command that an administrator set up in "
            f"FLOWBUILDER_MCP_COMMANDS. There is: {listed}."
        )
    program, *arguments = shlex.split(known[name])
    return StdioServerParameters(command=program, args=arguments)


def _text(answer: Any) -> str:
    parts = [part.text if part.type == "text" else f"[{part.type}]" for part in answer.content]
    if not parts and answer.structured_content is not None:
        return json.dumps(answer.structured_content, ensure_ascii=False)
    return "\n".join(parts)


def _reason(error: BaseException) -> str:
    import httpx2
    from mcp import MCPError

    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, NodeError):
        return str(error)
    if isinstance(error, MCPError):
        return f"refused: {error}"[:500]
    if isinstance(error, httpx2.HTTPStatusError):
        return f"answered with status {error.response.status_code}."
    if isinstance(error, httpx2.HTTPError | OSError):
        return "cannot be reached."
    log.warning("an MCP server failed", exc_info=error)
    return "gave no answer that can be read."


def _where(server: McpServer) -> str:
    return f"'{urlsplit(server.address).netloc.rpartition('@')[2] or server.address}'"
