"""A model with its caller's tools: it wants them called, goes on with what came of them, and keeps to a schema."""

import json

import pytest

from nodes.language.agent import Agent
from nodes.language.local_model import LocalModel
from nodes.language.remote_model import RemoteModel
from nodes.services.caller import NONE, REQUIRED, THEIRS, Caller, Exchanged
from nodes.services.remote_models import ToolCall
from nodes.tools.tool import Tool
from tests.nodes.conftest import FakeRemote
from tests.nodes.language.test_agent import ADD, FakeTools

TOWN = {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]}
WEATHER = Tool(name="weather", description="The weather of a town.", parameters=TOWN, kind=THEIRS)
RAIN = Exchanged(id="c1", name="weather", arguments={"town": "Lund"}, result="Rain.")
WANTS = {"thought": "I look.", "tool": "weather"}
ANSWERS = {"thought": "I know.", "tool": "answer"}


@pytest.fixture
def play(make_context, models):
    """``play(node, answers, caller)``: what the node says, the calls that it wants, its trace."""

    async def play(node, answers, caller, wired=None):
        models.calls.clear()
        models.answers = [each if isinstance(each, str) else json.dumps(each) for each in answers]
        trace = []
        context = make_context(
            caller=caller, tools=FakeTools(), report=lambda kind, data: trace.append({"kind": kind, **data})
        )
        more = [] if wired is None else [wired]
        said = "".join([piece async for piece in node.run(context, "How is the weather?", *more)])
        wanted = [call for row in trace if row["kind"] == "calls" for call in row["calls"]]
        return said, wanted, trace

    return play


async def test_a_local_model_wants_a_call_and_says_nothing(play, models):
    said, wanted, _ = await play(LocalModel(), [WANTS, {"town": "Lund"}], Caller(tools=(WEATHER,)))
    assert said == "" and wanted == [{"id": "", "name": "weather", "arguments": {"town": "Lund"}}]
    assert models.calls[0]["schema"]["properties"]["tool"] == {"enum": ["weather", "answer"]}


async def test_it_goes_on_with_what_came_of_the_call(play, models):
    caller = Caller(tools=(WEATHER,), exchange=(RAIN,))
    said, wanted, _ = await play(LocalModel(), [ANSWERS, "It rains."], caller)
    assert (said, wanted) == ("It rains.", [])
    assert any("weather: Rain." in message["content"] for message in models.calls[0]["prompt"])


async def test_the_choice_is_kept_to(play, models):
    await play(LocalModel(), [WANTS, {"town": "Lund"}], Caller(tools=(WEATHER,), choice=REQUIRED))
    assert models.calls[0]["schema"]["properties"]["tool"] == {"enum": ["weather"]}
    _, wanted, _ = await play(LocalModel(), [{"town": "Lund"}], Caller(tools=(WEATHER,), choice="weather"))
    assert wanted[0]["name"] == "weather" and len(models.calls) == 1
    said, wanted, _ = await play(LocalModel(), ["Fine."], Caller(tools=(WEATHER,), choice=NONE))
    assert (said, wanted) == ("Fine.", [])


async def test_an_agent_calls_its_own_tools_and_leaves_the_caller_s_to_the_caller(play):
    answers = [{"thought": "Add.", "tool": "add"}, {"a": 1, "b": 2}, WANTS, {"town": "Lund"}]
    said, wanted, trace = await play(Agent(), answers, Caller(tools=(WEATHER,)), wired=[ADD])
    assert said == "" and [call["name"] for call in wanted] == ["weather"]
    assert [row["tool"] for row in trace if row["kind"] == "step"] == ["add"]


async def test_arguments_that_do_not_fit_are_said_to_the_model(play):
    answers = [WANTS, {"city": "Lund"}, WANTS, {"town": "Lund"}]
    _, wanted, trace = await play(LocalModel(), answers, Caller(tools=(WEATHER,)))
    assert wanted == [{"id": "", "name": "weather", "arguments": {"town": "Lund"}}]
    assert "'town' is a required property" in trace[0]["error"]


async def test_a_reply_keeps_to_the_caller_s_schema(play, models):
    said, _, trace = await play(LocalModel(), ['{"town": 5, "more"'], Caller(json_schema=TOWN))
    assert isinstance(json.loads(said)["town"], str)
    assert models.calls[0]["schema"] == TOWN
    assert "town" in trace[-1]["repaired"]


async def test_a_remote_model_is_offered_them_by_its_own_protocol(make_context):
    remote, trace = FakeRemote([[ToolCall(id="r1", name="weather", arguments='{"town": "Lund"}')]]), []
    caller = Caller(tools=(WEATHER,), choice=REQUIRED)
    context = make_context(
        remote=remote, caller=caller, report=lambda kind, data: trace.append({"kind": kind, **data})
    )
    assert [piece async for piece in RemoteModel().run(context, "How is it?")] == []
    assert trace[-1]["calls"] == [{"id": "r1", "name": "weather", "arguments": {"town": "Lund"}}]
    assert remote.calls[0]["choice"] == REQUIRED
