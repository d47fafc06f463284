"""Groups: once, for each item, again and again, and flows that are called."""

import asyncio

import pytest

from flowbuilder.engine.validate import problems
from tests.engine.test_run import REPLY, START, outputs, types
from tests.sample_nodes.gate import Gate

ITEM, RESULT = ("flow.group_input", {"name": "item"}), ("flow.group_output", {"name": "result"})


def group(kind, body, **more):
    settings = more.pop("settings", {})
    return (kind, settings, {"body": body.model_dump(mode="json"), **more})


@pytest.fixture
def shouting(make_graph):
    """A body that puts a sign behind the item."""
    return make_graph(
        {"in": ITEM, "p": ("text.prompt", {"template": "{{ x }}!"}), "out": RESULT},
        ["in.out>p.x", "p.out>out.content"],
    )


def one(make_graph, node, wires=("s.out>g.items", "g.result>r.content")):
    return make_graph({"s": START, "g": node, "r": REPLY}, list(wires))


async def test_a_group_has_the_ports_of_its_body(make_graph, collect, catalogue):
    body = make_graph(
        {
            "in": ("flow.group_input", {"name": "name"}),
            "p": ("text.prompt", {"template": "Dear {{ x }}"}),
            "out": ("flow.group_output", {"name": "letter"}),
        },
        ["in.out>p.x", "p.out>out.content"],
    )
    graph = one(make_graph, group("flow.group", body), ["s.out>g.name", "g.letter>r.content"])
    assert problems(graph, catalogue) == []
    events = await collect(graph, {"question": "Ann"})
    assert events[-1].data == {"reply": "Dear Ann"}
    assert [e.node for e in events if e.type == "node.started"] == ["s", "g", "g/p", "r"]
    assert outputs(events) == {
        "s": {"out": "Ann"},
        "g/p": {"out": "Dear Ann"},
        "g": {"letter": "Dear Ann"},
        "r": {"out": "Dear Ann"},
    }


async def test_each_item_comes_out_in_its_place(make_graph, collect, shouting, catalogue):
    graph = one(make_graph, group("flow.each", shouting))
    assert problems(graph, catalogue) == []
    events = await collect(graph, {"question": "a\nb\nc"})
    assert events[-1].data == {"reply": "a!\n\nb!\n\nc!"}
    assert outputs(events)["g"] == {"result": {"items": ["a!", "b!", "c!"]}}
    assert outputs(events)["g[1]"] == {"result": "b!"} and outputs(events)["g[1]/p"] == {"out": "b!"}


async def test_no_more_at_once_than_asked(make_graph, collect):
    body = make_graph(
        {"in": ITEM, "g": ("gate", {"name": "each"}), "out": RESULT}, ["in.out>g.text", "g.out>out.content"]
    )
    Gate.opened["each"], Gate.reached["each"] = asyncio.Event(), asyncio.Event()
    began = []
    graph = one(make_graph, group("flow.each", body, settings={"at_once": 2}))
    running = asyncio.create_task(collect(graph, {"question": "a\nb\nc\nd"}, seen=began.append))
    await asyncio.wait_for(Gate.reached["each"].wait(), 5)
    for _ in range(50):
        await asyncio.sleep(0)
    assert [event.node for event in began if event.node.endswith("/g")] == ["g[0]/g", "g[1]/g"]
    Gate.opened["each"].set()
    assert (await running)[-1].data["reply"] == "a\n\nb\n\nc\n\nd"


@pytest.fixture
def picky(make_graph):
    """A body that breaks with the item ``no``."""
    return make_graph({"in": ITEM, "p": ("picky", {}), "out": RESULT}, ["in.out>p.text", "p.out>out.content"])


async def test_an_item_that_fails_stops_all(make_graph, collect, picky):
    events = await collect(one(make_graph, group("flow.each", picky)), {"question": "a\nno\nc"})
    assert events[-1].data == {"node": "g[1]/p", "error": "I take no 'no'."}
    assert [e.node for e in events if e.type == "node.failed"] == ["g[1]/p", "g[1]", "g"]


async def test_or_it_is_left_out(make_graph, collect, picky, catalogue):
    node = group("flow.each", picky, settings={"on_failure": "skip"})
    graph = make_graph(
        {
            "s": START,
            "g": node,
            "p": ("text.prompt", {"template": "{{ a }} / {{ b }}"}),
            "r": REPLY,
        },
        ["s.out>g.items", "g.result>p.a", "g.failures>p.b", "p.out>r.content"],
    )
    assert problems(graph, catalogue) == []
    events = await collect(graph, {"question": "a\nno\nc"})
    assert events[-1].data == {"reply": "a\n\nc / I take no 'no'."}
    stored = {e.node: e.data["outputs"] for e in events if "outputs" in e.data}
    again = await collect(
        graph, {"question": "a\nno\nc"}, finished={"s": stored["s"], "g[1]": stored["g[1]"]}
    )
    assert again[-1].data == events[-1].data
    assert not any(e.node.startswith("g[1]") for e in again)


async def test_the_failure_of_a_group_goes_on_at_its_port(make_graph, collect, picky):
    node = group("flow.each", picky, on_error="port")
    graph = one(make_graph, node, ["s.out>g.items", "g.error>r.content"])
    events = await collect(graph, {"question": "a\nno"})
    assert events[-1].data == {"reply": "I take no 'no'."}


async def test_rounds_feed_each_other_until_it_is_enough(make_graph, collect, catalogue):
    body = make_graph(
        {
            "in": ("flow.group_input", {"name": "text"}),
            "n": ("flow.group_input", {"name": "index"}),
            "p": ("text.prompt", {"template": "{{ x }}{{ n }}"}),
            "c": ("longer", {"than": 4}),
            "out": ("flow.group_output", {"name": "text"}),
            "done": ("flow.group_output", {"name": "done"}),
        },
        ["in.out>p.x", "n.out>p.n", "p.out>c.text", "p.out>out.content", "c.yes>done.content"],
    )
    graph = one(make_graph, group("flow.repeat", body), ["s.out>g.text", "g.text>r.content"])
    assert problems(graph, catalogue) == []
    assert (await collect(graph, {"question": "hi"}))[-1].data == {"reply": "hi012"}
    bounded = group("flow.repeat", body, settings={"rounds": 2})
    graph = one(make_graph, bounded, ["s.out>g.text", "g.text>r.content"])
    assert (await collect(graph, {"question": "hi"}))[-1].data == {"reply": "hi01"}


async def test_a_called_flow_has_its_own_start_and_reply(make_graph, collect, catalogue):
    callee = make_graph(
        {"start": START, "p": ("text.prompt", {"template": "<{{ x }}>"}), "reply": REPLY},
        ["start.out>p.x", "p.out>reply.content"],
    )
    node = group("flow.call", callee, settings={"flow": "other"})
    graph = one(make_graph, node, ["s.out>g.question", "g.out>r.content"])
    assert problems(graph, catalogue) == []
    assert (await collect(graph))[-1].data == {"reply": "<hi>"}


async def test_a_wait_in_a_group_parks_the_whole_run(make_graph, collect):
    body = make_graph({"in": ITEM, "a": ("ask", {}), "out": RESULT}, ["in.out>a.text", "a.out>out.content"])
    graph = one(make_graph, group("flow.each", body))
    parked = await collect(graph, {"question": "x\ny"})
    assert parked[-1].type == "run.waiting" and parked[-1].data == {"keys": ["ask:g[0]/a", "ask:g[1]/a"]}
    half = await collect(graph, {"question": "x\ny"}, finished=outputs(parked), answers={"g[1]/a": "two"})
    assert half[-1].data == {"keys": ["ask:g[0]/a"]}
    stored = {**outputs(parked), **outputs(half)}
    done = await collect(graph, {"question": "x\ny"}, finished=stored, answers={"g[0]/a": "one"})
    assert done[-1].data == {"reply": "one\n\ntwo"}


async def test_cancel_reaches_into_groups(make_graph, collect):
    body = make_graph(
        {"in": ITEM, "g": ("gate", {"name": "cut"}), "out": RESULT}, ["in.out>g.text", "g.out>out.content"]
    )
    Gate.opened["cut"], Gate.reached["cut"] = asyncio.Event(), asyncio.Event()
    cancel = asyncio.Event()
    graph = one(make_graph, group("flow.each", body))
    running = asyncio.create_task(collect(graph, cancel=cancel))
    await asyncio.wait_for(Gate.reached["cut"].wait(), 5)
    cancel.set()
    assert types(await asyncio.wait_for(running, 2))[-1] == "run.cancelled"


async def test_a_branch_that_is_not_taken_leaves_the_groups_port_untaken(make_graph, collect):
    body = make_graph({"in": ITEM, "f": ("fork", {}), "out": RESULT}, ["in.out>f.text", "f.no>out.content"])
    graph = one(make_graph, group("flow.group", body), ["s.out>g.item", "g.result>r.content"])
    events = await collect(graph)
    assert [e.node for e in events if e.type == "node.skipped"] == ["r"]


async def test_groups_stand_in_groups(make_graph, collect, shouting, catalogue):
    middle = make_graph(
        {"in": ITEM, "e": group("flow.each", shouting), "out": RESULT},
        ["in.out>e.items", "e.result>out.content"],
    )
    graph = one(make_graph, group("flow.each", middle))
    assert problems(graph, catalogue) == []
    events = await collect(graph, {"question": '[["a", "b"], ["c"]]'})
    assert events[-1].data == {"reply": "a!\n\nb!\n\nc!"}
    assert outputs(events)["g[0]/e[1]/p"] == {"out": "b!"}


async def test_values_keep_their_kind_when_a_run_is_taken_up_again(make_graph, collect):
    body = make_graph(
        {"in": ITEM, "f": ("finder", {}), "out": RESULT}, ["in.out>f.text", "f.out>out.content"]
    )
    citing = make_graph(
        {"in": ITEM, "c": ("cite", {}), "out": RESULT}, ["in.out>c.passages", "c.out>out.content"]
    )
    graph = make_graph(
        {"s": START, "g": group("flow.each", body), "h": group("flow.each", citing), "r": REPLY},
        ["s.out>g.items", "g.result>h.items", "h.result>r.content"],
    )
    whole = await collect(graph, {"question": "a\nb"})
    assert whole[-1].data == {"reply": "a\n\nb"}
    again = await collect(graph, {"question": "a\nb"}, finished={k: outputs(whole)[k] for k in ("s", "g")})
    assert again[-1].data == whole[-1].data


async def test_what_cannot_be_gone_through_is_said(make_graph, collect, shouting):
    graph = make_graph(
        {
            "s": START,
            "v": ("text.prompt", {}, {"mode": "off"}),
            "g": group("flow.each", shouting),
            "r": REPLY,
        },
        ["s.out>g.items", "g.result>r.content"],
    )
    events = await collect(graph, {"question": "[" + "1," * 10_000 + "1]"})
    assert events[-1].type == "run.failed" and "10001 items" in events[-1].data["error"]


def test_problems_in_a_body_are_named_by_their_path(make_graph, catalogue):
    body = make_graph(
        {"in": ITEM, "p": ("text.prompt", {"template": "{{ y }}"}), "r": REPLY, "out": RESULT},
        ["in.out>p.x", "p.out>out.content"],
    )
    found = problems(one(make_graph, group("flow.each", body)), catalogue)
    named = {(problem.node, problem.code) for problem in found if problem.severity == "error"}
    assert named == {("g/p", "port"), ("g/p", "unconnected"), ("g/r", "placement"), ("g/r", "unconnected")}


def test_a_cycle_in_a_body_is_named(make_graph, catalogue):
    body = make_graph({"a": ("gate", {}), "b": ("gate", {}), "out": RESULT},
                      ["a.out>b.text", "b.out>a.text", "b.out>out.content"])  # fmt: skip
    found = problems(one(make_graph, group("flow.group", body), ["g.result>r.content"]), catalogue)
    (cycle,) = [problem for problem in found if problem.code == "cycle"]
    assert cycle.node == "g/a" and "a → b → a" in cycle.message


def test_ports_of_groups_stand_in_groups(make_graph, catalogue):
    found = problems(make_graph({"in": ITEM, "r": REPLY}, ["in.out>r.content"]), catalogue)
    assert [(problem.node, problem.code) for problem in found] == [("in", "placement")]


def test_groups_may_not_be_too_deep(make_graph, catalogue):
    body = make_graph({"p": ("gate", {})}, [])
    for _ in range(10):
        body = make_graph({"g": group("flow.group", body)}, [])
    assert any("8 deep" in problem.message for problem in problems(body, catalogue))
