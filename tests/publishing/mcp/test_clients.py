"""The real ``mcp`` package, unchanged, against a running installation."""

import asyncio
import json

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.installation import Installation, wait_until
from tests.publishing.drawn import graph, published

pytestmark = [pytest.mark.integration]
VAN = {
    "type": "object",
    "properties": {"van_id": {"type": "string", "maxLength": 12}, "seats": {"type": "integer", "minimum": 1}},
    "required": ["van_id", "seats"],
    "additionalProperties": False,
}
DRAWN = {
    "greets": graph({"id": "prompt", "type": "text.prompt", "settings": {"template": "Hello, {{ said }}!"}}),
    "records": graph(
        {"id": "record", "type": "language.structured", "settings": {"json_schema": json.dumps(VAN)}}
    ),
    "speaks": graph({"id": "model", "type": "language.local_model", "settings": {"max_new_tokens": 96}}),
    "waits": graph({"id": "hour", "type": "flow.wait", "settings": {"amount": 1, "unit": "hours"}}),
    "pauses": graph({"id": "pause", "type": "flow.wait", "settings": {"amount": 1, "unit": "seconds"}}),
    "asks": graph({"id": "boss", "type": "flow.approval"}, leaves={"boss": "content"}),
}


@pytest.fixture(scope="module")
def flows(live_app: Installation) -> dict[str, dict]:
    with live_app.client() as client:
        return {
            name: published(client, f"Tools {name}", drawn, mcp=True, title=f"The {name} one")
            for name, drawn in DRAWN.items()
        }


def mcp_client(live_app: Installation, path: str, **how) -> Client:
    """``mode="legacy"`` speaks as clients did before 2026-07-28."""
    headers = {"Authorization": f"Bearer {live_app.key}"}
    http = httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False)
    return Client(streamable_http_client(f"{live_app.url}{path}", http_client=http), **how)


async def test_flows_are_tools_for_mcp(live_app, flows):
    greets, records = flows["greets"]["slug"], flows["records"]["slug"]
    async with mcp_client(live_app, "/mcp") as client:
        tools = {found.name: found for found in (await client.list_tools()).tools}
        assert {greets, records, flows["speaks"]["slug"]} <= set(tools)
        assert tools[greets].title == "The greets one"
        assert tools[greets].input_schema["required"] == ["question"]
        assert tools[records].output_schema["properties"].keys() == VAN["properties"].keys()
        told = []

        async def progress(done, total, message):
            told.append((done, total, message))

        answer = await client.call_tool(greets, {"question": "Ann"}, progress_callback=progress)
        assert answer.content[0].text == "Hello, Ann!" and not answer.is_error
        numbers = [done for done, *_ in told]
        assert told[-1][:2] == (3, 3) and numbers == sorted(set(numbers))  # they only grow
        record = await client.call_tool(records, {"question": "Make a van."})
        assert isinstance(record.structured_content["seats"], int)
        wrong = await client.call_tool(greets, {"question": "Ann", "colour": "red"})
        assert wrong.is_error and "no argument 'colour'" in wrong.content[0].text
    async with mcp_client(live_app, f"/mcp/{greets}") as client:
        assert [found.name for found in (await client.list_tools()).tools] == [greets]


def test_mcp_refuses_other_sites_strangers_and_unknown_hosts(live_app, flows):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    key = {"Authorization": f"Bearer {live_app.key}"}

    def status(path="/mcp", **headers):
        return httpx.post(f"{live_app.url}{path}", json=body, headers=accept | headers).status_code

    assert status(**key) == 200
    assert status(**key, Origin=live_app.url) == 200
    assert status(**key, Origin="https://evil.example") == 403
    assert status(**key, Host="evil.example") == 400
    assert status() == status(Authorization="Bearer fb_wrong") == 401
    assert status("/mcp/no-such-flow", **key) == 404
    assert httpx.get(f"{live_app.url}/mcp", headers=key).status_code == 405


async def called(client: Client, slug: str, question: str, until: asyncio.Event) -> None:
    """A call that its caller takes back once it is under way."""

    async def progress(done, total, message):
        if message == "hour":
            until.set()

    call = asyncio.create_task(client.call_tool(slug, {"question": question}, progress_callback=progress))
    await asyncio.wait_for(until.wait(), 60)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


@pytest.mark.parametrize("mode", ["2026-07-28", "legacy"])
async def test_a_call_that_is_taken_back_stops_its_run_and_no_other(live_app, flows, mode):
    """By closing the stream; by a notice as older clients do, whose numbers are the same for each client."""
    slug = flows["waits"]["slug"]
    async with (
        mcp_client(live_app, "/mcp", mode=mode) as staying,
        mcp_client(live_app, "/mcp", mode=mode) as going,
    ):
        begun = asyncio.Event()

        async def progress(done, total, message):
            if message == "hour":
                begun.set()

        stays = asyncio.create_task(
            staying.call_tool(slug, {"question": f"stays {mode}"}, progress_callback=progress)
        )
        await asyncio.wait_for(begun.wait(), 60)
        await called(going, slug, f"goes {mode}", asyncio.Event())
        await asyncio.to_thread(ended, live_app, flows["waits"], f"goes {mode}")
        assert status(live_app, flows["waits"], f"stays {mode}") in {"running", "waiting"}
        stays.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stays
    await asyncio.to_thread(ended, live_app, flows["waits"], f"stays {mode}")


def test_who_hangs_up_stops_the_run(live_app, flows):
    flow = flows["waits"]
    params = {"name": flow["slug"], "arguments": {"question": "hangs up"}, "_meta": {"progressToken": 1}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Authorization": f"Bearer {live_app.key}", "Accept": "application/json, text/event-stream"}
    with httpx.stream("POST", f"{live_app.url}/mcp", json=body, headers=headers, timeout=60) as answer:
        lines = answer.iter_lines()  # kept: without it the answer is hung up
        assert '"progress"' in next(line for line in lines if line.startswith("data: "))
        assert status(live_app, flow, "hangs up") in {"queued", "running", "waiting"}
    ended(live_app, flow, "hangs up")


def status(live_app: Installation, flow: dict, question: str) -> str:
    with live_app.client() as client:
        rows = client.get(f"/api/flows/{flow['id']}/runs").json()
        (found,) = [
            run
            for row in rows
            if (run := client.get(f"/api/runs/{row['id']}").json())["inputs"]["question"] == question
        ]
        return found["status"]


def ended(live_app: Installation, flow: dict, question: str) -> None:
    wait_until(lambda: status(live_app, flow, question) == "cancelled", seconds=20, what="the cancelled run")


async def test_words_come_while_they_are_written_and_pauses_are_waited_for(live_app, flows):
    told = []

    async def progress(done, total, message):
        told.append((done, message))

    async with mcp_client(live_app, "/mcp") as client:
        answer = await client.call_tool(
            flows["speaks"]["slug"], {"question": "Go."}, progress_callback=progress
        )
        reply = answer.content[0].text
        words = [message for _, message in told if message and message not in {"start", "model", "reply"}]
        assert words and all(reply.startswith(said) for said in words)
        assert [done for done, _ in told] == sorted({done for done, _ in told})
        paused = await client.call_tool(flows["pauses"]["slug"], {"question": "Ann"})
        assert (paused.content[0].text, paused.is_error) == ("Ann", False)
        asks = await client.call_tool(flows["asks"]["slug"], {"question": "Ann"})
        assert asks.is_error and "waits for somebody to decide" in asks.content[0].text
