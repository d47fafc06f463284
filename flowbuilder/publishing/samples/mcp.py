"""As a tool, by the Model Context Protocol."""

from __future__ import annotations

from typing import Any

from flowbuilder.publishing.samples.sample import KEY, Sample, Way, as_json, as_python, curl

ACCEPT = "Accept: application/json, text/event-stream"


def way(slug: str, inputs: dict[str, Any], base: str) -> Way:
    url = f"{base}/mcp/{slug}"
    params = {"name": slug, "arguments": inputs}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    samples = (
        Sample("mcp-curl", "curl", curl(url, call, ACCEPT)),
        Sample("mcp-python", "Python", _python(url, slug, inputs)),
        Sample("mcp-javascript", "JavaScript", _javascript(url, call)),
    )
    return Way("mcp", "MCP", samples)


def _python(url: str, slug: str, inputs: dict[str, Any]) -> str:
    return f"""import asyncio, os
import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

async def main():
    headers = {{"Authorization": f"Bearer {{os.environ['{KEY}']}}"}}
    http = httpx2.AsyncClient(headers=headers, timeout=600)
    async with Client(streamable_http_client({as_json(url)}, http_client=http)) as client:
        answer = await client.call_tool({as_json(slug)}, {as_python(inputs)})
        print(answer.content[0].text)

asyncio.run(main())"""


def _javascript(url: str, call: dict[str, Any]) -> str:
    return f"""const answer = await fetch({as_json(url)}, {{
  method: "POST",
  headers: {{
    Authorization: `Bearer ${{process.env.{KEY}}}`,
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
  }},
  body: JSON.stringify({as_json(call)}),
}});
const last = (await answer.text()).split("\\n").filter((line) => line.startsWith("data: ")).pop();
console.log(JSON.parse(last.slice(6)).result.content[0].text);"""
