"""An agent with scripted models: what it calls, what it is told, where it stops. ``test_agent_for_real`` has real ones."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from nodes.base import NodeError, PromptTooLong
from nodes.language.agent import Agent, roomy
from nodes.tools.tool import Tool

ADD = Tool(
    name="add",
    description="Adds two numbers.",
    parameters={
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "required": ["a", "b"],
    },
    kind="tools.add",
)
LOOK = Tool(name="look", description="Looks something up.", parameters={"type": "object"}, kind="tools.look")


@dataclass
class FakeTools:
    """Adds; looking takes for ever."""

    called: list[tuple[str, dict]] = field(default_factory=list)

    async def call(self, tool, arguments):
        self.called.append((tool.name, dict(arguments)))
        if tool.name == "look":
            await asyncio.sleep(60)
        if arguments["b"] == 0:
            raise NodeError("'b' must not be 0.")
        return str(arguments["a"] + arguments["b"]) + "!" * arguments.get("loud", 0)


@pytest.fixture
def play(make_context, models):
    """``play(answers, **settings)`` runs an agent; gives its answer, its tools and its trace."""

    async def play(answers, wired=(ADD, LOOK), **settings):
        models.answers = [each if isinstance(each, str) else json.dumps(each) for each in answers]
        tools, trace = FakeTools(), []
        context = make_context(tools=tools, report=lambda kind, data: trace.append({"kind": kind, **data}))
        pieces = Agent(**settings).run(context, "What is 1 + 2?", list(wired))
        return "".join([piece async for piece in pieces]), tools.called, trace

    return play


def calls(thought, a, b):
    return [{"thought": thought, "tool": "add"}, {"a": a, "b": b}]


ANSWERS = {"thought": "I know.", "tool": "answer"}


async def test_it_calls_and_reads_and_answers(play, models):
    answer, called, trace = await play([*calls("Add them.", 1, 2), ANSWERS, "It is 3."])
    assert answer == "It is 3."
    assert called == [("add", {"a": 1, "b": 2})]
    first, last = trace
    assert first["kind"] == "step" and first["number"] == 1
    assert (first["thought"], first["tool"], first["arguments"]) == ("Add them.", "add", {"a": 1, "b": 2})
    assert first["result"] == "3"
    assert last["number"] == 2 and last["answers"] is True
    choice, arguments, again, final = models.calls
    assert choice["schema"]["properties"]["tool"] == {"enum": ["add", "look", "answer"]}
    assert arguments["schema"] == ADD.parameters
    assert again["prompt"][-2] == {"role": "user", "content": "add: 3"}
    assert final["schema"] is None
    assert "Adds two numbers." in choice["prompt"][0]["content"]


async def test_a_tool_s_failure_is_told_to_the_model(play, models):
    answer, called, trace = await play([*calls("x", 1, 0), *calls("y", 1, 1), ANSWERS, "2"])
    assert answer == "2" and len(called) == 2
    assert trace[0]["error"] == "Error: 'b' must not be 0."
    assert models.calls[2]["prompt"][-2]["content"] == "add: Error: 'b' must not be 0."


async def test_at_the_step_limit_it_answers_with_what_it_has(play, models):
    answer, called, trace = await play([*calls("x", 1, 2), *calls("y", 3, 4), "About 7."], most_steps=2)
    assert answer == "About 7." and len(called) == 2
    assert trace[-1] == {"kind": "step", "number": 3, "limit": "2 steps"}
    assert "No more tools" in models.calls[-1]["prompt"][-1]["content"]


async def test_at_the_time_limit_too(play):
    answer, called, trace = await play(
        [{"thought": "x", "tool": "look"}, {}, "I do not know."], most_seconds=1
    )
    assert answer == "I do not know." and called == [("look", {})]
    assert trace[-1]["limit"] == "1 seconds"


async def test_a_model_with_nothing_to_say_gives_the_last_result(play):
    answer, _, _ = await play([*calls("x", 1, 2), ANSWERS, " "])
    assert answer.strip() == "3"


async def test_arguments_that_were_cut_off_call_nothing(play):
    answer, called, trace = await play([{"thought": "x", "tool": "add"}, '{"a": 1, "b', ANSWERS, "?"])
    assert called == [] and "cut off after 512 tokens" in trace[0]["error"]


async def test_long_results_are_shortened_when_the_model_reads_no_more(play, models, monkeypatch):
    asked = []

    async def generate(model, prompt, *, sampling=None, schema=None):
        asked.append(prompt)
        if len(asked) == 3:
            raise PromptTooLong("too long")
        answers = [*map(json.dumps, calls("x", 1, 2)), "", json.dumps(ANSWERS), "done"]
        yield answers[len(asked) - 1]

    async def loud(self, tool, arguments):
        return "3" + "!" * 1000

    monkeypatch.setattr(models, "generate", generate)
    monkeypatch.setattr(FakeTools, "call", loud)
    answer, _, _ = await play([""])
    assert answer == "done"
    assert len(asked[2][-2]["content"]) > 1000 > 300 > len(asked[3][-2]["content"])


async def test_two_tools_of_one_name_are_refused(play):
    with pytest.raises(NodeError, match="Two tools are called 'add'"):
        await play([""], wired=[ADD, ADD])


def test_texts_have_room_unless_the_schema_bounds_them():
    rules = {"q": {"type": "string"}, "d": {"type": "string", "format": "date"}, "n": {"type": "integer"}}
    wide = roomy({"type": "object", "properties": rules})["properties"]
    assert wide == {**rules, "q": {"type": "string", "maxLength": 2000}}
    assert "maxLength" not in rules["q"]
