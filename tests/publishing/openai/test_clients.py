"""The real ``openai``, ``langchain-openai`` and ``mcp`` packages, unchanged, against one running installation."""

import json

import httpx
import httpx2
import openai
import pytest
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from pydantic import BaseModel

from tests.installation import Installation, wait_until

pytestmark = [pytest.mark.integration]
EMBEDDER = "all-MiniLM-L6-v2"
VAN = {
    "type": "object",
    "properties": {"van_id": {"type": "string", "maxLength": 12}, "seats": {"type": "integer", "minimum": 1}},
    "required": ["van_id", "seats"],
    "additionalProperties": False,
}
FIND_VAN = {"type": "function", "function": {"name": "find_van", "description": "Finds.", "parameters": VAN}}
ASK = [{"role": "user", "content": "Make a van record.\nFields:\n- van_id: string\n- seats: integer"}]


def graph(*middle: dict) -> dict:
    """Start, what stands between, Reply; in one line."""
    nodes = [{"id": "start", "type": "flow.start"}, *middle, {"id": "reply", "type": "flow.reply"}]
    ports = {"language.local_model": "prompt", "language.structured": "prompt", "flow.reply": "content"}
    ports |= {"text.prompt": "said"}
    wires = [
        {"id": f"w{n}", "source": a["id"], "target": b["id"], "target_port": ports[b["type"]]}
        for n, (a, b) in enumerate(zip(nodes, nodes[1:], strict=False))
    ]
    return {"nodes": nodes, "wires": wires}


SPEAKS = graph({"id": "model", "type": "language.local_model", "settings": {"max_new_tokens": 96}})
GREETS = graph({"id": "prompt", "type": "text.prompt", "settings": {"template": "Hello, {{ said }}!"}})
RECORDS = graph({"id": "record", "type": "language.structured", "settings": {"json_schema": json.dumps(VAN)}})


@pytest.fixture(scope="module")
def flows(live_app: Installation) -> dict[str, dict]:
    """Published and open for MCP: what speaks, greets and gives records."""

    def published(client: httpx.Client, name: str, drawn: dict) -> dict:
        flow = client.post("/api/flows", json={"name": f"Clients {name}"}).json()
        path = f"/api/flows/{flow['id']}"
        sent = {"graph": drawn, "revision": flow["revision"]}
        client.put(path, json=sent).raise_for_status()
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
        client.patch(f"{path}/doors", json={"mcp": True, "title": f"The {name} one"}).raise_for_status()
        return flow

    with live_app.client() as client:
        drawn = {"speaks": SPEAKS, "greets": GREETS, "records": RECORDS}
        return {name: published(client, name, each) for name, each in drawn.items()}


@pytest.fixture
def client(live_app: Installation):
    return openai.OpenAI(base_url=f"{live_app.url}/v1", api_key=live_app.key, max_retries=0)


@pytest.fixture
def speaks(flows):
    return flows["speaks"]["slug"]


def test_the_model_wants_a_tool_called_and_goes_on_with_what_came_of_it(client, speaks):
    asked = {"model": speaks, "tools": [FIND_VAN]}
    first = client.chat.completions.create(messages=ASK, tool_choice="required", **asked)
    (choice,) = first.choices
    (call,) = choice.message.tool_calls
    assert choice.finish_reason == "tool_calls" and call.function.name == "find_van"
    assert isinstance(json.loads(call.function.arguments)["seats"], int)
    told = {"role": "tool", "tool_call_id": call.id, "content": '{"van_id": "V1"}'}
    further = [*ASK, choice.message.model_dump(exclude_none=True), told]
    second = client.chat.completions.create(messages=further, tool_choice="none", **asked)
    assert second.choices[0].finish_reason == "stop" and second.choices[0].message.tool_calls is None


def test_calls_are_streamed_as_deltas(client, speaks):
    chosen = {"type": "function", "function": {"name": "find_van"}}
    with client.chat.completions.stream(
        model=speaks,
        messages=ASK,
        tools=[FIND_VAN],
        tool_choice=chosen,
        stream_options={"include_usage": True},
    ) as stream:
        final = stream.get_final_completion()
    (call,) = final.choices[0].message.tool_calls
    assert json.loads(call.function.arguments).keys() == {"van_id", "seats"}
    assert final.usage.completion_tokens > 0


class Van(BaseModel):
    van_id: str
    seats: int


def test_a_reply_under_a_schema_is_parsed_by_the_client(client, speaks):
    parsed = client.chat.completions.parse(model=speaks, messages=ASK, response_format=Van)
    assert isinstance(parsed.choices[0].message.parsed, Van)
    as_response = client.responses.parse(model=speaks, input=ASK[0]["content"], text_format=Van)
    assert isinstance(as_response.output_parsed, Van)
    free = client.chat.completions.create(model=speaks, messages=ASK, response_format={"type": "json_object"})
    assert isinstance(json.loads(free.choices[0].message.content), dict)


def test_a_flow_that_cannot_keep_to_it_says_so(client, flows):
    greets = flows["greets"]["slug"]
    with pytest.raises(openai.BadRequestError, match="takes no tools") as refused:
        client.chat.completions.create(model=greets, messages=ASK, tools=[FIND_VAN])
    assert refused.value.param == "tools"
    form = {"type": "json_schema", "json_schema": {"name": "van", "schema": VAN}}
    with pytest.raises(openai.InternalServerError, match="no JSON object"):
        client.chat.completions.create(model=greets, messages=ASK, response_format=form)


def test_responses_are_stored_gone_on_from_listed_and_deleted(client, flows):
    greets = flows["greets"]["slug"]
    first = client.responses.create(model=greets, input="Ann", metadata={"for": "a test"})
    assert (first.status, first.output_text) == ("completed", "Hello, Ann!")
    second = client.responses.create(model=greets, input="Bo", previous_response_id=first.id)
    assert second.output_text == "Hello, Bo!" and second.previous_response_id == first.id
    again = client.responses.retrieve(first.id)
    assert again.output_text == first.output_text and again.metadata == {"for": "a test"}
    (item,) = client.responses.input_items.list(second.id).data
    assert item.content[0].text == "Bo"
    client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(first.id)
    with pytest.raises(openai.BadRequestError, match="max_tool_calls"):
        client.responses.create(model=greets, input="Ann", max_tool_calls=1)


def test_a_response_in_typed_events(client, speaks):
    with client.responses.stream(model=speaks, input="Say something.") as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[:2] == ["response.created", "response.in_progress"] and kinds[-1] == "response.completed"
    assert "response.output_text.delta" in kinds and "response.content_part.done" in kinds
    assert final.usage.total_tokens > 0 and final.output[0].content[0].text == final.output_text
    tools = [{"type": "function", **FIND_VAN["function"]}]
    called = client.responses.create(model=speaks, input="Find.", tools=tools, tool_choice="required")
    (call,) = called.output
    told = {"type": "function_call_output", "call_id": call.call_id, "output": "V1"}
    further = client.responses.create(
        model=speaks, input=[told], previous_response_id=called.id, tools=tools, tool_choice="none"
    )
    assert further.status == "completed" and further.output[0].type == "message"


def test_in_the_background_and_its_events_from_where_one_stopped(client, flows):
    begun = client.responses.create(model=flows["greets"]["slug"], input="Ann", background=True)
    assert begun.status in {"queued", "in_progress", "completed"}
    done = wait_until(
        lambda: (found := client.responses.retrieve(begun.id)).status == "completed" and found,
        seconds=60,
        what="the response",
    )
    assert done.output_text == "Hello, Ann!"
    events = list(client.responses.retrieve(begun.id, stream=True))
    rest = list(client.responses.retrieve(begun.id, stream=True, starting_after=3))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.type for event in rest] == [event.type for event in events][4:]
    assert client.responses.cancel(begun.id).status == "completed"  # it is too late


def test_embeddings(client, speaks):
    assert EMBEDDER in [model.id for model in client.models.list()]
    found = client.embeddings.create(model=EMBEDDER, input=["a dog", "a puppy", "tax law"])
    dog, puppy, law = (row.embedding for row in found.data)
    assert len(dog) == 384 and found.usage.prompt_tokens >= 9
    assert sum(a * b for a, b in zip(dog, puppy, strict=True)) > sum(
        a * b for a, b in zip(dog, law, strict=True)
    )
    (short,) = client.embeddings.create(
        model=EMBEDDER, input="a dog", dimensions=64, encoding_format="float"
    ).data
    assert len(short.embedding) == 64 and sum(part * part for part in short.embedding) == pytest.approx(
        1, abs=1e-3
    )
    with pytest.raises(openai.BadRequestError, match="384 dimensions"):
        client.embeddings.create(model=EMBEDDER, input="a dog", dimensions=1000)
    with pytest.raises(openai.BadRequestError, match=r"the embedder reads \d+: divide it"):
        client.embeddings.create(model=EMBEDDER, input=["short", "long " * 2000])
    with pytest.raises(openai.NotFoundError, match=EMBEDDER):
        client.embeddings.create(model=speaks, input="a dog")


def test_langchain(live_app, flows):
    told = {"base_url": f"{live_app.url}/v1", "api_key": live_app.key, "max_retries": 0}
    greets = ChatOpenAI(model=flows["greets"]["slug"], **told)
    assert greets.invoke("Ann").content == "Hello, Ann!"
    assert "".join(str(piece.content) for piece in greets.stream("Ann")) == "Hello, Ann!"

    @tool
    def seats(van: str) -> int:
        """How many seats a van has."""
        return 2

    speaks = ChatOpenAI(model=flows["speaks"]["slug"], **told)
    called = speaks.bind_tools([seats], tool_choice="seats").invoke("How many?")
    assert called.tool_calls[0]["name"] == "seats" and isinstance(called.tool_calls[0]["args"]["van"], str)
    assert isinstance(speaks.with_structured_output(Van).invoke("Make a van."), Van)
    by_responses = ChatOpenAI(model=flows["greets"]["slug"], use_responses_api=True, **told)
    assert by_responses.invoke("Ann").text == "Hello, Ann!"
    embedder = OpenAIEmbeddings(model=EMBEDDER, check_embedding_ctx_length=False, **told)
    assert len(embedder.embed_query("a dog")) == 384


def mcp_client(live_app: Installation, path: str, key: str | None = None) -> Client:
    headers = {"Authorization": f"Bearer {key or live_app.key}"}
    http = httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False)
    return Client(streamable_http_client(f"{live_app.url}{path}", http_client=http))


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
        assert told[-1][:2] == (3, 3) and [done for done, *_ in told] == sorted(done for done, *_ in told)
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


def test_events_resume_from_the_last_one_that_came(live_app, flows):
    with live_app.client() as client:
        body = {"version": "live", "inputs": {"question": "Ann"}}
        run = client.post(f"/api/flows/{flows['greets']['id']}/runs", json=body).json()
        path = f"/api/runs/{run['id']}/events"

        def heard(after: int) -> list[dict]:
            with client.stream("GET", path, headers={"Last-Event-ID": str(after)}) as events:
                lines = [line for line in events.iter_lines() if line.startswith("data: ")]
            return [json.loads(line.removeprefix("data: ")) for line in lines]

        whole = heard(0)
        assert [event["seq"] for event in whole] == list(range(1, len(whole) + 1))
        assert whole[-1]["type"] == "run.finished"
        for seen in (1, len(whole) // 2, len(whole)):
            assert heard(seen) == whole[seen:]
