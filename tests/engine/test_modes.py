"""Nodes that are off, bypassed or pinned, and failures that go on at a port."""

import pytest

from flowbuilder.engine.draft import Draft
from flowbuilder.engine.validate import problems
from tests.engine.test_run import REPLY, START, outputs, types
from tests.sample_nodes.flaky import Flaky

DRAFT = Draft("r1")


def problems_of(graph, catalogue):
    return {(problem.node, problem.code, problem.severity) for problem in problems(graph, catalogue)}


async def test_what_is_off_gives_nothing(make_graph, collect, catalogue):
    off = ("text.prompt", {"template": "{{ x }}"}, {"mode": "off"})
    graph = make_graph({"s": START, "p": off, "r": REPLY}, ["s.out>p.x", "p.out>r.content"])
    events = await collect(graph)
    assert [event.node for event in events if event.type == "node.skipped"] == ["p", "r"]
    assert events[-1].data == {"reply": ""}
    wrong = ("knowledge.retrieve", {"limit": 999}, {"mode": "off"})
    graph = make_graph({"s": START, "k": wrong, "r": REPLY}, ["s.out>k.question", "s.out>r.content"])
    assert problems_of(graph, catalogue) == {("k", "unreachable", "warning")}
    assert (await collect(graph))[-1].data == {"reply": "hi"}


async def test_what_is_bypassed_passes_the_first_that_fits(make_graph, collect, catalogue):
    bypassed = ("text.prompt", {"template": "{{ a }}{{ b }}"}, {"mode": "bypass"})
    graph = make_graph(
        {"s": START, "f": ("fork", {"to_yes": False}), "p": bypassed, "r": REPLY},
        ["s.out>f.text", "f.yes>p.a", "f.no>p.b", "p.out>r.content"],
    )
    events = await collect(graph)
    assert events[-1].data == {"reply": "hi"}
    assert next(e for e in events if e.type == "node.finished" and e.node == "p").data["by"] == "bypass"
    cite = ("cite", {}, {"mode": "bypass"})
    graph = make_graph(
        {"s": START, "b": ("reward.best", {}, {"mode": "bypass"}), "r": REPLY},
        ["s.out>b.candidates", "b.best>r.content"],
    )
    assert ("b", "type", "error") in problems_of(graph, catalogue)
    graph = make_graph(
        {"s": START, "k": ("knowledge.retrieve", {}), "c": cite, "r": REPLY},
        ["s.out>k.question", "k.out>c.passages", "c.out>r.content"],
    )
    assert problems_of(graph, catalogue) == set()  # passages become text
    score = ("data.dataset", {}, {"mode": "bypass"})
    graph = make_graph({"s": START, "d": score, "r": REPLY}, ["s.out>r.content"])
    assert ("d", "bypass", "warning") in problems_of(graph, catalogue)


async def test_a_failure_goes_on_at_its_port(make_graph, collect, monkeypatch, catalogue):
    monkeypatch.setattr("flowbuilder.engine.life.BACK_OFF", 0.001)
    Flaky.tried.clear()

    def graph_with(failures):
        flaky = ("flaky", {"name": f"port{failures}", "failures": failures}, {"on_error": "port"})
        said = ("text.prompt", {"template": "Sorry: {{ why }}"})
        return make_graph(
            {"s": START, "f": flaky, "p": said, "r": REPLY},
            ["s.out>f.text", "f.error>p.why", "p.out>r.content", "f.out>r.content"],
        )

    assert problems(graph_with(9), catalogue) == []
    events = await collect(graph_with(9))
    assert events[-1].data == {"reply": "Sorry: the line is down (tried 3 times)"}
    (failed,) = [event for event in events if event.type == "node.failed"]
    assert failed.data["outputs"] == {
        "out": None,
        "error": {"message": "the line is down (tried 3 times)", "node": "f"},
    }
    stored = {**outputs(events), "f": failed.data["outputs"]}
    again = await collect(graph_with(9), finished={key: stored[key] for key in ("s", "f")})
    assert again[-1].data == events[-1].data and types(again).count("node.failed") == 0
    events = await collect(graph_with(1))
    assert events[-1].data == {"reply": "hi"}
    assert outputs(events)["f"] == {"out": "hi", "error": None}


def test_the_port_is_there_only_where_it_was_asked_for(make_graph, catalogue):
    graph = make_graph({"s": START, "f": ("flaky", {}), "r": REPLY}, ["s.out>f.text", "f.error>r.content"])
    (problem,) = [found for found in problems(graph, catalogue) if found.severity == "error"]
    assert problem.code == "port" and "on_error" in problem.message


async def test_pins_stand_for_running_in_drafts_alone(make_graph, collect):
    pinned = ("text.prompt", {"template": "ran {{ x }}"}, {"pinned": {"out": "pinned"}})
    graph = make_graph({"s": START, "p": pinned, "r": REPLY}, ["s.out>p.x", "p.out>r.content"])
    assert (await collect(graph, draft=DRAFT))[-1].data == {"reply": "pinned"}
    assert (await collect(graph))[-1].data == {"reply": "ran hi"}


async def test_what_is_pinned_behind_a_branch_that_is_not_taken_is_skipped(make_graph, collect):
    pinned = ("text.prompt", {"template": "{{ x }}{{ more }}"}, {"pinned": {"out": "pinned"}})
    nodes = {"s": START, "f": ("fork", {"to_yes": False}), "p": pinned, "r": REPLY}
    graph = make_graph(nodes, ["s.out>f.text", "f.yes>p.x", "p.out>r.content"])
    assert (await collect(graph, draft=DRAFT))[-1].data == {"reply": ""}


@pytest.mark.parametrize(
    ("pinned", "said"), [({"nowhere": "x"}, "no such output"), ({"out": 3}, "takes text")]
)
def test_a_pin_that_does_not_fit_is_named(make_graph, catalogue, pinned, said):
    graph = make_graph(
        {"s": START, "w": ("words", {}, {"pinned": pinned}), "r": REPLY}, ["s.out>w.text", "w.out>r.content"]
    )
    (problem,) = problems(graph, catalogue)
    assert problem.code == "pin" and said in problem.message
