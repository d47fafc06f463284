"""A node offers itself to a model: what is wired in is fixed, the rest are arguments, and nothing runs unasked."""

from dataclasses import replace

import pytest

from flowbuilder.engine.fit import fits
from flowbuilder.engine.ports import inputs_of, outputs_of
from flowbuilder.engine.tool_calls import ToolCalls
from flowbuilder.engine.validate import problems
from nodes.base import Context, NodeError
from nodes.tools.tool import Tool
from tests.sample_nodes.toolbox import Toolbox
from tests.sample_nodes.uses import Uses
from tests.sample_nodes.weigh import Weigh


@pytest.fixture
def flow(make_graph):
    """``flow(settings, wires)``: a scale, its user and what else is wired."""

    def flow(ask: dict, wires: list[str], **settings):
        nodes = {
            "start": ("flow.start", {}),
            "scale": ("weigh", settings),
            "box": ("toolbox", {}),
            "user": ("uses", ask),
            "reply": ("flow.reply", {}),
        }
        used = {name: kind for name, kind in nodes.items() if any(name in wire for wire in wires)}
        return make_graph(used, wires)

    return flow


OFFERED = ["scale.tool>user.tools", "user.out>reply.content"]


async def test_a_model_calls_what_is_wired_to_it(flow, collect, catalogue):
    graph = flow({"tool": "scale", "arguments": {"what": "box", "grams": 1200}}, OFFERED)
    assert [problem for problem in problems(graph, catalogue) if problem.severity == "error"] == []
    events = await collect(graph)
    assert events[-1].data["reply"] == "box: 1200 g"
    offered = next(event for event in events if event.type == "node.finished" and event.node == "scale")
    assert offered.data["outputs"] == {
        "tool": {
            "name": "scale",
            "description": "Says how much a thing weighs.",
            "parameters": {
                "type": "object",
                "properties": {
                    "what": {"type": "string", "description": "The thing"},
                    "grams": {"type": "integer", "minimum": 0},
                },
                "required": ["what"],
                "additionalProperties": False,
            },
            "kind": "weigh",
            "settings": {"unit": "g"},
            "fixed": {},
        }
    }


async def test_a_tool_that_nobody_calls_does_nothing(flow, collect):
    Weigh.weighed.clear()
    await collect(flow({"tool": ""}, OFFERED))
    assert Weigh.weighed == []


async def test_what_is_wired_in_is_fixed(flow, collect):
    wires = ["start.out>scale.what", *OFFERED]
    reply = (await collect(flow({"tool": "scale", "arguments": {"grams": 5}}, wires), {"question": "pen"}))[
        -1
    ]
    assert reply.data["reply"] == "pen: 5 g"
    refused = await collect(flow({"tool": "scale", "arguments": {"what": "box"}}, wires), {"question": "pen"})
    assert "'what' is not among" in refused[-1].data["error"]


async def test_it_runs_and_offers_itself_where_both_are_wired(flow, collect):
    wires = ["start.out>scale.what", "scale.out>reply.content", "scale.tool>user.tools"]
    events = await collect(flow({"tool": "scale", "arguments": {"grams": 2}}, wires, unit="kg"))
    assert events[-1].data["reply"] == "hi: 0 kg"
    assert next(e for e in events if e.type == "node.finished" and e.node == "user").data["outputs"] == {
        "out": "hi: 2 kg"
    }


async def test_it_is_a_node_like_any_other(flow, collect, catalogue):
    graph = flow({}, ["start.out>scale.what", "scale.out>reply.content"])
    assert (await collect(graph))[-1].data["reply"] == "hi: 0 g"
    loose = flow({}, ["scale.out>reply.content"])
    assert "'what' (text) is not connected" in problems(loose, catalogue)[0].message


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "'what' is a required property"),
        ({"what": "box", "grams": -1}, "less than the minimum"),
        ({"what": "box", "colour": "red"}, "'colour' is not among"),
        ({"what": "lead"}, "Lead is too heavy"),
        ({"what": "wait"}, "waits for a person"),
        ({"what": "break"}, "broke with an internal error"),
        ({"what": "sleep"}, "took longer than 0.2 s"),
    ],
)
async def test_a_call_that_fails_says_why(flow, collect, arguments, why):
    ended = (await collect(flow({"tool": "scale", "arguments": arguments}, OFFERED)))[-1]
    assert ended.type == "run.failed" and why in ended.data["error"]


async def test_a_person_names_and_describes_it(flow, collect):
    settings = {"tool_name": "weigh_it", "tool_description": "Use it for heavy things."}
    events = await collect(flow({"tool": "weigh_it", "arguments": {"what": "box"}}, OFFERED, **settings))
    tool = next(e for e in events if e.type == "node.finished" and e.node == "scale").data["outputs"]["tool"]
    assert (tool["name"], tool["description"]) == ("weigh_it", "Use it for heavy things.")
    assert events[-1].data["reply"] == "box: 0 g"


async def test_one_node_may_give_several(flow, collect, catalogue):
    wires = ["box.tools>user.tools", *OFFERED]
    graph = flow({"tool": "second", "arguments": {"what": "box"}}, wires)
    assert [problem for problem in problems(graph, catalogue) if problem.severity == "error"] == []
    assert (await collect(graph))[-1].data["reply"] == "box: 0 oz"


async def test_only_tools_are_called(catalogue):
    calls = ToolCalls(catalogue, Context(models=None, knowledge=None, training=None))
    wrong = Tool(name="x", description="", parameters={}, kind="flow.reply")
    with pytest.raises(NodeError, match="'flow.reply' cannot be called"):
        await calls.call(wrong, {"content": "x"})
    with pytest.raises(NodeError, match="no node type 'os.system'"):
        await calls.call(wrong.model_copy(update={"kind": "os.system"}), {})


def test_several_fit_only_a_port_that_gathers():
    several, tools = outputs_of(Toolbox()).ports[0], inputs_of(Uses())[0]
    assert fits(several, tools) and not fits(several, replace(tools, gathers=False))
    assert several.describe() == {
        "name": "tools", "type": "Tool", "required": True, "gathers": True, "becomes_text": False,
        "adapts": False,
    }  # fmt: skip
