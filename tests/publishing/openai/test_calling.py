"""What callers bring along: taken where the flow's model takes it, refused by name where not."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows import publication, services
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.openai.asking import Envelope
from flowbuilder.publishing.openai.chat_api import ChatRequest, submit
from nodes.services.caller import Caller

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a town.",
        "parameters": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
    },
}
ASKED = [{"role": "user", "content": "How is the weather in Lund?"}]
CALLED = [
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"town": "Lund"}'}}
        ],
    },
    {"role": "tool", "tool_call_id": "c1", "content": "Rain."},
]
MODEL = {
    "nodes": [
        {"id": "start", "type": "flow.start"},
        {"id": "model", "type": "language.local_model"},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start", "target": "model", "target_port": "prompt"},
        {"id": "w2", "source": "model", "target": "reply", "target_port": "content"},
    ],
}


@pytest.fixture
def model_flow(asker):
    """A model speaks its reply."""
    flow = services.create_flow(asker=asker, name="Speaking", template="hello")
    services.save_draft(asker=asker, flow=flow, graph=MODEL, revision=flow.revision)
    flow.refresh_from_db()
    services.publish_version(asker=asker, flow=flow)
    return publication.set_publication(asker=asker, flow=flow, number=1)


@pytest.fixture
def ask(asker, model_flow):
    def make(messages=ASKED, **more):
        body = ChatRequest.model_validate({"model": model_flow.slug, "messages": messages, **more})
        return submit(asker, body, Envelope())

    return make


def refused(ask, **more):
    with pytest.raises(ApiError) as error:
        ask(**more)
    return error.value.status, error.value.details[0]["where"], error.value.message


def test_tools_go_to_the_node_that_speaks(ask):
    run = ask(tools=[WEATHER], tool_choice="required", parallel_tool_calls=False).run
    caller = dict(run.caller)
    assert caller.pop("node") == "model"
    told = Caller.model_validate(caller)
    assert (told.tools[0].name, told.choice, told.several) == ("weather", "required", False)


def test_what_was_called_since_the_question_goes_on(ask):
    run = ask([*ASKED, *CALLED], tools=[WEATHER]).run
    (past,) = run.caller["exchange"]
    assert (past["id"], past["arguments"], past["result"]) == ("c1", {"town": "Lund"}, "Rain.")
    assert run.inputs == {"question": ASKED[0]["content"], "history": []}


def test_earlier_calls_are_history_in_plain_words(ask):
    later = [
        *ASKED,
        *CALLED,
        {"role": "assistant", "content": "It rains."},
        {"role": "user", "content": "And now?"},
    ]
    run = ask(later, tools=[WEATHER]).run
    assert [row["role"] for row in run.inputs["history"]] == ["user", "assistant", "user", "assistant"]
    assert "Rain." in run.inputs["history"][2]["content"] and run.caller["exchange"] == []


def test_a_flow_without_a_speaking_model_says_so(asker, live_flow):
    body = ChatRequest.model_validate({"model": live_flow.slug, "messages": ASKED, "tools": [WEATHER]})
    with pytest.raises(ApiError, match=f"'{live_flow.slug}' takes no tools of its callers") as error:
        submit(asker, body, Envelope())
    assert (error.value.status, error.value.details[0]["where"]) == (400, "tools")


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"n": 2}, "n"),
        ({"logprobs": True}, "logprobs"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"functions": [{"name": "old"}]}, "functions"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "tools.0"),
        ({"tools": [WEATHER, WEATHER]}, "tools"),
        (
            {"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": "gone"}}},
            "tool_choice",
        ),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": {}}}}, "tool_choice"),
        ({"response_format": {"type": "yaml"}}, "response_format"),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "a", "schema": {"type": "array"}},
                }
            },
            "response_format.json_schema.schema",
        ),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"properties": 5}}}},
            "response_format.json_schema.schema",
        ),
    ],
)
def test_what_cannot_be_had_is_named(ask, more, where):
    status, named, _ = refused(ask, **more)
    assert (status, named) == (400, where)


@pytest.mark.parametrize(
    ("messages", "where"),
    [
        (
            [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
            "messages.0.content",
        ),
        ([*ASKED, CALLED[1]], "messages.1.tool_call_id"),
        ([*ASKED, CALLED[0]], "messages"),
        ([{"role": "system", "content": "x"}], "messages"),
    ],
)
def test_messages_that_cannot_be_taken_are_named(ask, messages, where):
    assert refused(ask, messages=messages)[:2] == (400, where)


def test_a_schema_is_told_to_the_model_and_kept_to_by_the_answer(ask):
    schema = {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]}
    form = {"type": "json_schema", "json_schema": {"name": "town", "schema": schema}}
    answer = ask(response_format=form)
    run = answer.run
    assert run.caller["json_schema"] == answer.json_schema == schema


def test_sampling_counts_as_far_as_the_owner_leaves_it_to_callers(asker, ask, model_flow):
    def settings():
        run = ask(temperature=0.0, max_tokens=7).run
        return next(row["settings"] for row in run.graph["nodes"] if row["id"] == "model")

    assert "temperature" not in settings()
    ways_in.change(asker=asker, flow=model_flow, overrides=[{"node": "model", "setting": "temperature"}])
    found = settings()
    assert found["temperature"] == 0.0 and "max_new_tokens" not in found
