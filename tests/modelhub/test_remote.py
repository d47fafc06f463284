"""OpenAI's chat protocol against a server on this machine: streams, schemas, tools, and every way to fail."""

import uuid

import pytest
from asgiref.sync import sync_to_async

from flowbuilder import outbound_async
from flowbuilder.modelhub.remote import NodeRemoteModels
from flowbuilder.secrets import services as secrets
from nodes.base import NodeError, PromptTooLong, Retryable, Sampling
from nodes.services.remote_models import Endpoint, ToolCall
from tests.modelhub.openai_server import Answer, served

HELLO = [{"role": "user", "content": "Hello"}]
SCHEMA = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


@pytest.fixture(scope="module")
def listening():
    with served() as server:
        yield server


@pytest.fixture
def server(listening, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{listening.port}"]
    listening.asked.clear()
    listening.answer = type(listening).answer
    return listening


@pytest.fixture
def ask(server):
    reports = []

    async def ask(messages=HELLO, *, sampling=Sampling(), schema=None, tools=(), **fields):
        endpoint = Endpoint(**{"base_url": server.url, "model": "tiny-chat", "tries": 2, **fields})
        models = NodeRemoteModels(uuid.uuid4(), lambda kind, data: reports.append((kind, data)))
        stream = models.chat(endpoint, messages, sampling=sampling, schema=schema, tools=tools)
        return [part async for part in stream]

    ask.reports = reports
    return ask


async def test_it_streams_and_counts(ask, server):
    sampling = Sampling(max_new_tokens=9, temperature=0.2, top_p=0.5, stop=("END",), seed=7)
    assert await ask(sampling=sampling) == ["Hello", ", ", "you."]
    assert ask.reports == [
        ("model", {"model": "tiny-chat at 127.0.0.1"}),
        ("usage", {"prompt_tokens": 11, "completion_tokens": 3}),
    ]
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    expected = {
        "messages": HELLO,
        "max_tokens": 9,
        "temperature": 0.2,
        "top_p": 0.5,
        "stop": ["END"],
        "seed": 7,
    }
    assert asked.body | expected == asked.body
    assert "authorization" not in asked.headers


async def test_tools_are_called_with_whole_arguments(ask, server):
    server.answer = lambda body, number: Answer(
        ("Let me see. ",), calls=(("add", '{"a": 1, "b": 2}'), ("now", "{}"))
    )
    tool = {"type": "function", "function": {"name": "add", "parameters": SCHEMA}}
    said = await ask(tools=[tool])
    assert said[0] == "Let me see. "
    assert said[1:] == [
        ToolCall(id="call_0", name="add", arguments='{"a": 1, "b": 2}'),
        ToolCall(id="call_1", name="now", arguments="{}"),
    ]
    assert server.asked[0].body["tools"] == [tool]


def refusing(*words: str):
    """Refuses the first of these words that stands in the question."""

    def answer(body, number):
        if word := next(
            (word for word in words if word in body or word in str(body.get("response_format"))), ""
        ):
            message = (
                f"Unknown parameter: '{word}'. Use max_completion_tokens." if word == "max_tokens" else word
            )
            return Answer(status=400, error={"message": message})
        return Answer(('{"ok": true}',))

    return answer


async def test_a_schema_is_asked_for_as_strictly_as_the_server_knows(ask, server):
    server.answer = refusing()
    await ask(schema=SCHEMA)
    assert server.asked[-1].body["response_format"]["json_schema"]["schema"] == SCHEMA
    server.answer = refusing("json_schema")
    assert await ask(schema=SCHEMA) == ['{"ok": true}']
    assert server.asked[-1].body["response_format"] == {"type": "json_object"}
    server.answer = refusing("response_format")
    assert await ask(schema=SCHEMA) == ['{"ok": true}']
    assert "response_format" not in server.asked[-1].body


async def test_what_some_servers_do_not_know_is_said_otherwise(ask, server):
    server.answer = refusing("max_tokens", "stream_options")
    await ask(sampling=Sampling(max_new_tokens=9))
    assert server.asked[-1].body["max_completion_tokens"] == 9
    assert len(server.asked) == 3


async def test_a_busy_server_is_asked_again_when_it_says(ask, server):
    busy = Answer(status=429, headers={"retry-after-ms": "20"}, error={"message": "slow down"})
    server.answer = lambda body, number: busy if number == 0 else Answer(("Hi",))
    assert await ask() == ["Hi"] and len(server.asked) == 2
    server.answer = lambda body, number: busy
    with pytest.raises(NodeError, match=r"busy.*2 times.*slow down"):
        await ask()


async def test_a_broken_server_is_asked_again(ask, server):
    server.answer = lambda body, number: Answer(status=503) if number == 0 else Answer(("Hi",))
    assert await ask() == ["Hi"]
    server.answer = lambda body, number: Answer(status=500, headers={"retry-after-ms": "1"})
    with pytest.raises(NodeError, match="failed 2 times with status 500"):
        await ask()


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (Answer(status=401, error={"message": "bad key"}), NodeError, "'api_key'.*401.*bad key"),
        (Answer(status=404, error={"message": "no"}), NodeError, "no model 'tiny-chat'.*It has: tiny-chat"),
        (Answer(status=400, error={"message": "no such role"}), NodeError, "status 400.*no such role"),
        (
            Answer(status=400, error={"message": "x", "code": "context_length_exceeded"}),
            PromptTooLong,
            "longer",
        ),
        (Answer(status=302, headers={"location": "http://127.0.0.1:1/"}), NodeError, "status 302"),
        (Answer(raw=b"<html>"), Retryable, "chat protocol"),
        (Answer(raw=b'data: {"error": {"message": "it broke"}}\n\n'), NodeError, "it broke"),
    ],
)
async def test_every_refusal_is_a_sentence(ask, server, answer, kind, message):
    server.answer = lambda body, number: answer
    with pytest.raises(kind, match=message) as raised:
        await ask()
    assert type(raised.value) is kind


async def test_a_silent_server_is_given_up(ask, server):
    server.answer = lambda body, number: Answer(("late",), pause=0.5)
    with pytest.raises(NodeError, match=r"within 0\.1 s.*'seconds'"):
        await ask(seconds=0.1, tries=1)


async def test_a_host_that_nobody_allowed_is_never_asked(ask, server, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = []
    for url in (server.url, "https://api.openai.com/v1"):
        with pytest.raises(NodeError, match="FLOWBUILDER_OUTBOUND_HOSTS"):
            await ask(base_url=url)
    assert server.asked == []


async def test_nobody_there_is_said(ask, server, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = ["127.0.0.1"]
    with pytest.raises(NodeError, match="cannot be reached"):
        await ask(base_url="http://127.0.0.1:9/v1", tries=1)


async def test_the_network_itself_refuses_what_is_not_listed(server, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = []
    async with outbound_async.client(5) as client:
        with pytest.raises(outbound_async.Refused):
            await client.get(server.url)
    assert server.asked == []


@pytest.mark.django_db(transaction=True)
async def test_a_secret_goes_to_its_hosts_alone_and_into_no_message(server, asker):
    def keep(name, host):
        secrets.keep(asker=asker, name=name, value="sk-canary-1234", hosts=host)

    await sync_to_async(keep)("mine", f"127.0.0.1:{server.port}")
    await sync_to_async(keep)("other", "api.example.com")
    reports = []
    models = NodeRemoteModels(asker.workspace.pk, lambda *args: reports.append(args))

    async def ask(key):
        endpoint = Endpoint(base_url=server.url, model="tiny-chat", api_key=key, tries=1)
        return [part async for part in models.chat(endpoint, HELLO, sampling=Sampling())]

    assert await ask("mine") == ["Hello", ", ", "you."]
    assert server.asked[0].headers["authorization"] == "Bearer sk-canary-1234"
    server.answer = lambda body, number: Answer(status=401, error={"message": "not sk-canary-1234"})
    with pytest.raises(NodeError, match="'api_key'") as refused:
        await ask("mine")
    assert "canary" not in str(refused.value) and "canary" not in str(reports)
    for key, why in (("other", "may not be sent to '127.0.0.1"), ("none", "no secret 'none'")):
        with pytest.raises(NodeError, match=why):
            await ask(key)
    assert len(server.asked) == 2
