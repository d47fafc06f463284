"""Running to a node, from a node, a node alone, on what an earlier run lends; and going on with an edited draft."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.partial import Asked
from flowbuilder.runs import services
from flowbuilder.runs.models import Status
from flowbuilder.runs.parts import Wish

START, REPLY = ("flow.start", {}), ("flow.reply", {})
WIRES = ["s.out>a.x", "a.out>b.x", "b.out>r.content"]


def nodes(**more) -> dict:
    shown = {name: ("text.prompt", {"template": f"{name}{{{{ x }}}}"}) for name in ("a", "b")}
    return {"s": START, **shown, "r": REPLY, **more}


@pytest.fixture
def flow(make_flow):
    return make_flow(nodes(), WIRES)


def change(flow, node: str, template: str) -> None:
    for spec in flow.graph["nodes"]:
        if spec["id"] == node:
            spec["settings"] = {"template": template}
    flow.save()


def ran(run) -> list[str]:
    finished = run.events.filter(type="node.finished").order_by("seq")
    return [event.node for event in finished if "by" not in event.data]


def wish(reuse=None, **asked) -> Wish:
    return Wish(Asked(**asked), reuse and reuse.pk)


def test_up_to_a_node(flow, play):
    run = play(flow, wish=wish(until="a"))
    assert (run.status, ran(run), run.part["asked"]) == (Status.FINISHED, ["s", "a"], {"until": "a"})


def test_from_a_node_on_what_came_before(flow, play):
    first = play(flow)
    change(flow, "b", "B{{ x }}")
    again = play(flow, wish=wish(first, start_from="b"), inputs={})
    assert (again.reply, ran(again), again.inputs) == ("Bahi", ["b", "r"], {"question": "hi"})
    kept = again.events.filter(type="node.finished", data__by="reuse").values_list("node", flat=True)
    assert sorted(kept) == ["a", "s"]


def test_a_node_alone(flow, play):
    first = play(flow)
    change(flow, "b", "B{{ x }}")
    alone = play(flow, wish=wish(first, only="b"))
    assert ran(alone) == ["b"]
    assert alone.results.get(node_id="b").outputs == {"out": "Bahi"}
    on_top = play(flow, wish=wish(alone, only="r"))
    assert on_top.reply == "Bahi"


def test_only_what_changed_runs_anew(flow, play):
    first = play(flow)
    change(flow, "b", "B{{ x }}")
    again = play(flow, wish=wish(first), inputs={})
    assert (again.reply, ran(again)) == ("Bahi", ["b", "r"])
    other = play(flow, wish=wish(first), inputs={"question": "ho"})
    assert (other.reply, ran(other)) == ("Baho", ["s", "a", "b", "r"])


def test_what_nothing_stands_for_is_named(flow, play):
    with pytest.raises(
        ApiError, match="'b' builds on 'a', and nothing stands for that: name a run in 'reuse'"
    ):
        play(flow, wish=wish(start_from="b"))
    with pytest.raises(ApiError, match="no node 'gone' in the flow. Nodes: s, a, b, r"):
        play(flow, wish=wish(until="gone"))


def test_a_pin_stands_for_what_was_not_run(make_flow, play):
    pinned = ("text.prompt", {"template": "{{ x }}"}, {"pinned": {"out": "pinned"}})
    flow = make_flow(nodes(a=pinned), WIRES)
    run = play(flow, wish=wish(start_from="b"))
    assert (run.reply, ran(run)) == ("bpinned", ["b", "r"])
    assert ran(play(flow, wish=wish(until="b"))) == ["b"]


def test_only_a_run_of_the_same_flow_lends(flow, make_flow, play):
    other = play(make_flow(nodes(), WIRES, name="Other"))
    with pytest.raises(ApiError, match="has no run"):
        play(flow, wish=wish(other, start_from="b"))


def test_wrong_nodes_elsewhere_do_not_hinder(make_flow, play):
    flow = make_flow(nodes(k=("cite", {})), [*WIRES, "k.out>b.y"])
    assert ran(play(flow, wish=wish(until="a"))) == ["s", "a"]
    with pytest.raises(ApiError, match="cannot run"):
        play(flow)


def test_a_failed_run_goes_on_with_the_edited_draft(make_flow, play):
    flow = make_flow(nodes(b=("picky", {})), ["s.out>a.x", "a.out>b.text", "b.out>r.content"])
    change(flow, "a", "{{ x }}")
    failed = play(flow, inputs={"question": "no"})
    assert (failed.status, failed.error_node) == (Status.FAILED, "b")
    with pytest.raises(ApiError, match="has finished 'a', and the draft has changed there"):
        change(flow, "a", "yes {{ x }}")
        services.resume(failed, from_draft=True)
    change(flow, "a", "{{ x }}")
    flow.graph["nodes"][2] = {"id": "b", "type": "text.prompt", "settings": {"template": "{{ text }}!"}}
    flow.save()
    run = play(services.resume(failed, from_draft=True))
    assert (run.status, run.reply) == (Status.FINISHED, "no!")
    assert run.events.filter(type="node.finished", node="a").count() == 1
