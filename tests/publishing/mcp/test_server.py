"""The MCP door without a worker: who is let in, what is listed, in which words calls are refused."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from flowbuilder.accounts.models import ApiKey
from flowbuilder.publishing import doors as ways_in

ACCEPT = "application/json, text/event-stream"


@pytest.fixture
def open_flow(asker, live_flow):
    ways_in.change(asker=asker, flow=live_flow, mcp=True, description="Says hello.")
    return live_flow


@pytest.fixture
def key(asker):
    return ApiKey.issue(asker.workspace, asker.user, "mcp")[1]


def post(key, method, params=None, path="/mcp", **headers):
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
    told = {"Authorization": f"Bearer {key}", "Accept": ACCEPT, **headers}

    async def ask():
        answer = await AsyncClient().post(path, body, content_type="application/json", headers=told)
        if answer.streaming:
            return answer, b"".join([piece async for piece in answer.streaming_content])
        return answer, answer.content

    return ask()


def result(content: bytes):
    line = next(line for line in content.decode().splitlines() if line.startswith("data: "))
    return json.loads(line.removeprefix("data: "))["result"]


@pytest.mark.django_db(transaction=True)
async def test_an_open_flow_is_a_tool_with_its_typed_inputs(open_flow, key):
    answer, content = await asyncio.wait_for(post(key, "tools/list"), 20)
    assert answer.status_code == 200
    (tool,) = result(content)["tools"]
    assert (tool["name"], tool["description"]) == (open_flow.slug, "Says hello.")
    assert tool["inputSchema"]["properties"]["question"]["type"] == "string"


@pytest.mark.django_db(transaction=True)
async def test_a_call_that_cannot_be_made_says_why(open_flow, key):
    call = {"name": open_flow.slug, "arguments": {"question": "Ann", "colour": "red"}}
    _, content = await asyncio.wait_for(post(key, "tools/call", call), 20)
    assert result(content)["isError"] and "no argument 'colour'" in result(content)["content"][0]["text"]


@pytest.mark.django_db(transaction=True)
async def test_what_is_closed_is_not_there(asker, open_flow, key):
    await sync_to_async(ways_in.change)(asker=asker, flow=open_flow, mcp=False)
    answer, _ = await post(key, "tools/list", path=f"/mcp/{open_flow.slug}")
    assert answer.status_code == 404
    answer, content = await asyncio.wait_for(post(key, "tools/list"), 20)
    assert result(content)["tools"] == []


@pytest.mark.django_db(transaction=True)
async def test_a_page_of_another_site_asks_nothing(open_flow, key):
    answer, _ = await asyncio.wait_for(post(key, "tools/list", Origin="https://evil.example"), 20)
    assert answer.status_code == 403
