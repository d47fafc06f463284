"""Running a graph: order, branches, skips, waits, retries, failures, cancel, resume."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import batches, run
from nodes.base import Context
from tests.sample_nodes.flaky import Flaky
from tests.sample_nodes.gate import Gate

START, REPLY = ("flow.start", {}), ("flow.reply", {})


def types(events):
    return [event.type for event in events]


def outputs(events):
    return {event.node: event.data["outputs"] for event in events if event.type == "node.finished"}


async def test_a_chain_answers(make_graph, collect):
    graph = make_graph(
        {"s": START, "p": ("text.prompt", {"template": "Dear {{ name }}"}), "r": REPLY},
        ["s.out>p.name", "p.out>r.content"],
    )
    events = await collect(graph, {"question": "Ann"})
    assert events[-1].data == {"reply": "Dear Ann"}
    assert types(events).count("node.finished") == 3


async def test_branches_run_at_the_same_time(make_graph, collect):
    graph = make_graph(
        {
            "s": START,
            "a": ("gate", {"name": "left"}),
            "b": ("gate", {"name": "right"}),
            "p": ("text.prompt", {"template": "{{ a }}{{ b }}"}),
        },
        ["s.out>a.text", "s.out>b.text", "a.out>p.a", "b.out>p.b"],
    )
    for gates in (Gate.reached, Gate.opened):
        gates.update(left=asyncio.Event(), right=asyncio.Event())
    running = asyncio.create_task(collect(graph))
    # Both are reached while both are shut: only possible side by side.
    await asyncio.wait_for(asyncio.gather(*(Gate.reached[name].wait() for name in ("left", "right"))), 5)
    for gate in Gate.opened.values():
        gate.set()
    assert outputs(await running)["p"] == {"out": "hihi"}


async def test_successors_wait_for_the_consumer(make_graph, catalogue):
    graph = make_graph({"s": START, "r": REPLY}, ["s.out>r.content"])
    reached = []

    def context_for(node_id, report):
        reached.append(node_id)
        return Context(models=None, knowledge=None, training=None, report=report)

    stream = run(graph, {"question": "hi"}, catalogue=catalogue, context_for=context_for)
    async for event in stream:
        if event.type == "node.finished" and event.node == "s":
            # As long as we store, nothing builds on it: give every ready task a turn.
            for _ in range(20):
                await asyncio.sleep(0)
            assert reached == ["s"]


async def test_an_untaken_branch_is_skipped_and_said(make_graph, collect):
    graph = make_graph(
        {
            "s": START,
            "f": ("fork", {"to_yes": False}),
            "y": REPLY,
            "n": ("text.prompt", {"template": "no: {{ x }}"}),
        },
        ["s.out>f.text", "f.yes>y.content", "f.no>n.x"],
    )
    events = await collect(graph)
    assert [event.node for event in events if event.type == "node.skipped"] == ["y"]
    assert outputs(events)["n"] == {"out": "no: hi"}


async def test_two_branches_meet_in_one_input(make_graph, collect):
    graph = make_graph(
        {"s": START, "f": ("fork", {}), "r": REPLY}, ["s.out>f.text", "f.yes>r.content", "f.no>r.content"]
    )
    assert (await collect(graph))[-1].data["reply"] == "hi"


async def test_tokens_are_the_output(make_graph, collect):
    graph = make_graph({"s": START, "w": ("words", {})}, ["s.out>w.text"])
    events = await collect(graph, {"question": "one two three"})
    text = "".join(event.data["text"] for event in events if event.type == "node.token")
    finished = next(event for event in events if event.type == "node.finished" and event.node == "w")
    assert text == finished.data["outputs"]["out"] == "one two three "
    assert finished.data["usage"] == {"completion_tokens": 3}


async def test_a_passing_failure_is_tried_again(make_graph, collect, monkeypatch):
    monkeypatch.setattr("flowbuilder.engine.life.BACK_OFF", 0.001)
    Flaky.tried.clear()
    graph = make_graph({"s": START, "f": ("flaky", {"name": "a", "failures": 2})}, ["s.out>f.text"])
    events = await collect(graph)
    assert types(events).count("node.retrying") == 2
    assert [
        event.data["attempt"] for event in events if event.type == "node.started" and event.node == "f"
    ] == [1, 2, 3]
    assert types(events)[-1] == "run.finished"


async def test_retries_end(make_graph, collect, monkeypatch):
    monkeypatch.setattr("flowbuilder.engine.life.BACK_OFF", 0.001)
    Flaky.tried.clear()
    graph = make_graph({"s": START, "f": ("flaky", {"name": "b", "failures": 9})}, ["s.out>f.text"])
    events = await collect(graph)
    assert types(events)[-1] == "run.failed"
    assert events[-1].data == {"node": "f", "error": "the line is down (tried 3 times)"}


async def test_a_defect_shows_no_internals(make_graph, collect):
    graph = make_graph({"s": START, "b": ("broken", {})}, ["s.out>b.text"])
    events = await collect(graph)
    assert types(events)[-1] == "run.failed"
    assert "shadow" not in str(events)


async def test_a_node_may_not_take_for_ever(make_graph, collect):
    graph = make_graph({"s": START, "x": ("slow", {})}, ["s.out>x.text"])
    assert (await collect(graph))[-1].data["error"] == "It took longer than 0.05 s."


async def test_a_wait_parks_the_run_and_other_branches_go_on(make_graph, collect):
    graph = make_graph(
        {"s": START, "a": ("ask", {}), "p": ("text.prompt", {"template": "{{ x }}!"}), "r": REPLY},
        ["s.out>a.text", "s.out>p.x", "a.out>r.content"],
    )
    parked = await collect(graph)
    assert parked[-1].type == "run.waiting" and parked[-1].data == {"keys": ["ask:a"]}
    assert outputs(parked)["p"] == {"out": "hi!"}
    resumed = await collect(graph, finished=outputs(parked), answers={"a": "forty-two"})
    assert resumed[-1].data == {"reply": "forty-two"}
    assert set(outputs(resumed)) == {"a", "r"}


async def test_cancel_stops_at_once(make_graph, collect):
    Gate.reached["long"], Gate.opened["long"] = asyncio.Event(), asyncio.Event()
    graph = make_graph({"s": START, "g": ("gate", {"name": "long"})}, ["s.out>g.text"])
    cancel = asyncio.Event()
    running = asyncio.create_task(collect(graph, cancel=cancel))
    await asyncio.wait_for(Gate.reached["long"].wait(), 5)
    cancel.set()
    assert types(await asyncio.wait_for(running, 2))[-1] == "run.cancelled"


CATALOGUE = Catalogue.load(["nodes", "tests.sample_nodes"])


@st.composite
def dags(draw):
    """A random graph of prompt nodes: node i may take from any node before it."""
    size = draw(st.integers(1, 12))
    nodes = [{"id": "n0", "type": "flow.start", "settings": {}}]
    wires = []
    for i in range(1, size):
        sources = draw(st.lists(st.integers(0, i - 1), min_size=1, max_size=3, unique=True))
        template = "".join(f"{{{{ x{source} }}}}" for source in sources)
        nodes.append({"id": f"n{i}", "type": "text.prompt", "settings": {"template": template}})
        wires += [
            {"id": f"w{source}-{i}", "source": f"n{source}", "target": f"n{i}", "target_port": f"x{source}"}
            for source in sources
        ]
    return Graph.model_validate({"nodes": draw(st.permutations(nodes)), "wires": wires})


def play(graph, **options):
    def context_for(node_id, report):
        return Context(models=None, knowledge=None, training=None, report=report)

    async def collect():
        return [
            e
            async for e in run(
                graph, {"question": "q"}, catalogue=CATALOGUE, context_for=context_for, **options
            )
        ]

    return asyncio.run(collect())


@settings(max_examples=40)
@given(dags())
def test_every_node_runs_once_after_what_it_needs(graph):
    finished = [event.node for event in play(graph) if event.type == "node.finished"]
    assert sorted(finished) == sorted(node.id for node in graph.nodes)
    assert all(finished.index(wire.source) < finished.index(wire.target) for wire in graph.wires)


@settings(max_examples=40)
@given(dags(), st.data())
def test_resumed_from_any_point_it_gives_the_same(graph, data):
    whole = outputs(play(graph))
    order = list(whole)
    kept = order[: data.draw(st.integers(0, len(order)))]
    rest = outputs(play(graph, finished={node: whole[node] for node in kept}))
    assert {**{node: whole[node] for node in kept}, **rest} == whole
    assert not set(kept) & set(rest)


async def test_what_finishes_together_comes_together_and_the_end_with_the_last(catalogue, make_graph):
    names = [f"p{i}" for i in range(5)]
    nodes = {"start": ("flow.start", {}), **{n: ("text.prompt", {"template": "{{ q }}"}) for n in names}}
    nodes["join"] = ("text.prompt", {"template": "".join(f"{{{{ {n} }}}}" for n in names)})
    wires = [f"start.out>{n}.q" for n in names] + [f"{n}.out>join.{n}" for n in names]
    found = []
    context = Context(models=None, knowledge=None, training=None)
    async for batch in batches(
        make_graph(nodes, wires), {"question": "x"}, catalogue=catalogue, context_for=lambda *_: context
    ):
        found.append([event.node for event in batch if event.type == "node.finished"])
        last = [event.type for event in batch]
    assert found == [[], ["start"], names, ["join"]]
    assert last[-2:] == ["node.finished", "run.finished"]


async def test_settings_may_decide_the_outputs(collect, make_graph):
    nodes = {
        "start": ("flow.start", {}),
        "sorter": ("sorter", {"letters": "xy"}),
        "first": ("text.prompt", {"template": "1 {{ text }}"}),
        "second": ("text.prompt", {"template": "2 {{ text }}"}),
    }
    wires = ["start.out>sorter.text", "sorter.x>first.text", "sorter.y>second.text"]
    events = await collect(make_graph(nodes, wires), {"question": "yes"})
    assert outputs(events)["sorter"] == {"x": None, "y": "yes", "rest": None}
    assert outputs(events)["second"] == {"out": "2 yes"}
    assert [event.node for event in events if event.type == "node.skipped"] == ["first"]


async def test_a_gathering_port_takes_all_its_wires_in_their_order(collect, make_graph):
    nodes = {
        "start": ("flow.start", {}),
        "one": ("text.prompt", {"template": "1{{ q }}"}),
        "two": ("text.prompt", {"template": "2{{ q }}"}),
        "gather": ("gather", {}),
    }
    wires = ["start.out>one.q", "start.out>two.q", "two.out>gather.texts", "one.out>gather.texts"]
    assert outputs(await collect(make_graph(nodes, wires), {"question": "x"}))["gather"] == {"out": "2x+1x"}
