"""The real ``openai`` and ``langchain-openai`` packages, unchanged, against one running installation."""

import json
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

from tests.installation import Installation, wait_until
from tests.publishing.drawn import graph, published

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


SPEAKS = graph({"id": "model", "type": "language.local_model", "settings": {"max_new_tokens": 96}})
GREETS = graph({"id": "prompt", "type": "text.prompt", "settings": {"template": "Hello, {{ said }}!"}})
WAITS = graph({"id": "hour", "type": "flow.wait", "settings": {"amount": 1, "unit": "hours"}})


@pytest.fixture(scope="module")
def flows(live_app: Installation) -> dict[str, dict]:
    """What speaks, greets and waits."""
    with live_app.client() as client:
        drawn = {"speaks": SPEAKS, "greets": GREETS, "waits": WAITS}
        return {name: published(client, f"Clients {name}", each) for name, each in drawn.items()}


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
    with client.responses.stream(model=speaks, input=ASK[0]["content"]) as stream:  # it ends by itself
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


def test_what_a_flow_cannot_give_is_refused_by_its_name(client, flows):
    """Before anything runs; the client's own error says which parameter it is."""
    slug = flows["greets"]["slug"]
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    seen = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture]}]
    for named, asked in {
        "n": {"n": 2},
        "logprobs": {"logprobs": True},
        "logit_bias": {"logit_bias": {"50256": -100}},
        "modalities": {"modalities": ["text", "audio"]},
        "messages.0.content": {"messages": seen},
        "tool_choice": {
            "tools": [FIND_VAN],
            "tool_choice": {"type": "function", "function": {"name": "gone"}},
        },
    }.items():
        with pytest.raises(openai.BadRequestError) as refused:
            client.chat.completions.create(**{"model": slug, "messages": ASK, **asked})
        assert (refused.value.param, refused.value.code) == (named, "unsupported_value")
    by_file = [
        {"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,AAAA"}]}
    ]
    for named, asked in {
        "top_logprobs": {"top_logprobs": 3},
        "conversation": {"conversation": "conv_1"},
        "background": {"background": True, "store": False},
        "tools.0": {"tools": [{"type": "web_search"}]},
        "input.0.content": {"input": by_file},
        "text.format": {"text": {"format": {"type": "grammar"}}},
    }.items():
        with pytest.raises(openai.BadRequestError) as refused:
            client.responses.create(**{"model": slug, "input": "Ann", **asked})
        assert refused.value.param == named


def test_a_schema_that_nothing_satisfies_is_an_error_and_never_an_answer(client, flows):
    """The client does not try again by itself what would fail again."""
    nothing = {
        "type": "object",
        "properties": {"seats": {"type": "integer", "minimum": 5, "maximum": 3}},
        "required": ["seats"],
    }
    form = {"type": "json_schema", "json_schema": {"name": "nothing", "schema": nothing}}
    again = client.with_options(max_retries=2)
    for flow in (flows["speaks"], flows["greets"]):
        with pytest.raises(openai.InternalServerError) as refused:
            again.chat.completions.create(model=flow["slug"], messages=ASK, response_format=form)
        assert refused.value.code == "run_failed"
        assert refused.value.response.headers["x-should-retry"] == "false"
        assert "x-stainless-retry-count" in refused.value.request.headers
        assert refused.value.request.headers["x-stainless-retry-count"] == "0"


def test_a_limit_of_tokens_is_the_end_that_is_told(client, live_app, flows):
    with live_app.client() as http:
        left = [
            {"node": "model", "setting": name} for name in ("max_new_tokens", "seed", "temperature", "stop")
        ]
        http.patch(f"/api/flows/{flows['speaks']['id']}/doors", json={"overrides": left}).raise_for_status()
    slug = flows["speaks"]["slug"]
    short = client.chat.completions.create(model=slug, messages=ASK, max_completion_tokens=4)
    assert (short.choices[0].finish_reason, short.usage.completion_tokens) == ("length", 4)
    old = client.chat.completions.create(model=slug, messages=ASK, max_tokens=3, stream=True)
    assert [chunk.choices[0].finish_reason for chunk in old][-1] == "length"
    response = client.responses.create(model=slug, input=ASK[0]["content"], max_output_tokens=4)
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    with client.responses.stream(model=slug, input=ASK[0]["content"], max_output_tokens=4) as stream:
        assert [event.type for event in stream][-1] == "response.incomplete"
    same = {"model": slug, "messages": ASK, "seed": 7, "temperature": 1.3, "max_tokens": 40}
    one, two = (client.chat.completions.create(**same).choices[0].message.content for _ in range(2))
    assert one == two
    ends = client.chat.completions.create(**same, stop=[one[6]])
    assert (ends.choices[0].message.content, ends.choices[0].finish_reason) == (
        one[: one.index(one[6])],
        "stop",
    )


def test_side_by_side_each_gets_its_own_answer(client, flows):
    slug = flows["greets"]["slug"]

    def ask(name: str) -> str:
        said = client.chat.completions.create(model=slug, messages=[{"role": "user", "content": name}])
        return said.choices[0].message.content

    names = [f"Ann {number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, names)) == [f"Hello, {name}!" for name in names]


def test_a_response_that_is_not_stored_and_one_that_is_stopped(client, flows):
    unkept = client.responses.create(model=flows["greets"]["slug"], input="Ann", store=False)
    assert unkept.output_text == "Hello, Ann!" and unkept.store is False
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(unkept.id)
    begun = client.responses.create(model=flows["waits"]["slug"], input="Ann", background=True)
    with pytest.raises(openai.BadRequestError, match="only an answered response") as refused:
        client.responses.create(model=flows["greets"]["slug"], input="Bo", previous_response_id=begun.id)
    assert refused.value.param == "previous_response_id"
    client.responses.cancel(begun.id)
    stopped = wait_until(
        lambda: (found := client.responses.retrieve(begun.id)).status == "cancelled" and found,
        seconds=20,
        what="the response that was stopped",
    )
    assert stopped.output == []
