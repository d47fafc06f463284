"""An agent whose model calls tools by OpenAI's protocol."""

import pytest

from nodes.language.remote_agent import RemoteAgent
from nodes.services.remote_models import ToolCall
from tests.nodes.conftest import FakeRemote
from tests.nodes.language.test_agent import ADD, LOOK, FakeTools


@pytest.fixture
def play(make_context):
    async def play(turns, **settings):
        remote, tools, trace = FakeRemote(turns), FakeTools(), []
        context = make_context(
            tools=tools, remote=remote, report=lambda kind, data: trace.append({"kind": kind, **data})
        )
        pieces = RemoteAgent(**settings).run(context, "What is 1 + 2?", [ADD, LOOK])
        return "".join([piece async for piece in pieces]), remote, tools.called, trace

    return play


def call(arguments, name="add", id_="c1"):
    return ToolCall(id=id_, name=name, arguments=arguments)


async def test_calls_go_and_results_come_back_by_their_ids(play):
    turns = [["Add. ", call('{"a": 1, "b": 2}'), call('{"a": 5, "b": 5}', id_="c2")], ["It is ", "3."]]
    answer, remote, called, trace = await play(turns, instructions="Be brief.")
    assert answer == "It is 3."
    assert called == [("add", {"a": 1, "b": 2}), ("add", {"a": 5, "b": 5})]
    assert [step.get("result") for step in trace] == ["3", "10", None]
    first, second = remote.calls
    assert [tool["function"]["name"] for tool in first["tools"]] == ["add", "look"]
    assert first["tools"][0]["function"]["parameters"] == ADD.parameters
    said = second["messages"]
    assert said[0] == {"role": "system", "content": "Be brief."}
    assert said[2]["tool_calls"][0]["id"] == said[3]["tool_call_id"] == "c1"
    assert said[3]["content"] == "3" and said[5]["content"] == "10"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (call("{}", name="delete_all"), "There is no tool 'delete_all'. There are: add, look."),
        (call('{"a": 1'), "The arguments are not JSON"),
        (call("[1, 2]"), "no JSON object"),
        (call('{"a": 1, "b": 0}'), "Error: 'b' must not be 0."),
    ],
)
async def test_what_cannot_be_called_is_said_to_the_model(play, wish, told):
    answer, remote, called, trace = await play([[wish], ["I cannot."]])
    assert answer == "I cannot." and len(called) == (1 if "b" in wish.arguments and "Error" in told else 0)
    assert told in trace[0]["error"] and told in remote.calls[1]["messages"][-1]["content"]


async def test_at_the_limit_it_is_asked_without_tools(play):
    answer, remote, _, trace = await play([[call('{"a": 1, "b": 2}')], ["3, I think."]], most_steps=1)
    assert answer == "3, I think." and remote.calls[-1]["tools"] == []
    assert "add({" in remote.calls[-1]["messages"][-1]["content"] and trace[-1]["limit"] == "1 steps"
