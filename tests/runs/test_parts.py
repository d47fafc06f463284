"""Running to a node, from a node, a node alone, on what an earlier run lends; and going on with an edited draft."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.partial import Asked
from flowbuilder.runs import services
from flowbuilder.runs.models import Status
from flowbuilder.runs.parts import Wish
from tests.runs.conftest import graph_of

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
        ApiError, match="'b' builds on 'a', and nothing stands for that: run the whole flow or"
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


ENTRY, EXIT = ("flow.group_input", {"name": "item"}), ("flow.group_output", {"name": "result"})


def grouped(make_flow, kind: str, settings: dict, port: str, **more):
    """A group of ``in`` → ``a`` → ``b`` → ``out`` between the flow's start and its reply."""
    within = nodes(s=ENTRY, r=EXIT, **more)
    body = graph_of(within, ["s.out>a.x", "a.out>b.x", "b.out>r.content"])
    whole = {"s": START, "g": (kind, settings, {"body": body}), "r": REPLY}
    return make_flow(whole, [f"s.out>g.{port}", "g.result>r.content"])


def change_within(flow, node: str, template: str) -> None:
    for spec in flow.graph["nodes"][1]["body"]["nodes"]:
        if spec["id"] == node:
            spec["settings"] = {"template": template}
    flow.save()


@pytest.mark.parametrize(
    ("kind", "settings", "port", "round_"),
    [
        ("flow.group", {}, "item", ""),
        ("flow.each", {}, "items", "[1]"),
        ("flow.repeat", {"rounds": 2, "until": "result"}, "item", "[0]"),
    ],
)
def test_in_a_group_a_part_runs_on_what_the_group_was_given(make_flow, play, kind, settings, port, round_):
    flow = grouped(make_flow, kind, settings, port)
    first = play(flow, inputs={"question": "hi\nho"})
    assert first.status == Status.FINISHED
    change_within(flow, "b", "B{{ x }}")
    at = f"g{round_}"
    item = "ho" if kind == "flow.each" else "hi\nho"

    alone = play(flow, wish=wish(first, only=f"{at}/b"), inputs={})
    assert (alone.status, ran(alone)) == (Status.FINISHED, [f"{at}/b"])
    assert alone.results.get(node_id=f"{at}/b").outputs == {"out": f"Ba{item}"}

    change_within(flow, "a", "A{{ x }}")
    onward = play(flow, wish=wish(alone, start_from=f"{at}/a"), inputs={})
    assert ran(onward) == [f"{at}/a", f"{at}/b"]
    assert onward.results.get(node_id=f"{at}/b").outputs == {"out": f"BA{item}"}

    change_within(flow, "b", "C{{ x }}")
    upto = play(flow, wish=wish(onward, until=f"{at}/b"), inputs={})
    assert (ran(upto), upto.results.get(node_id=f"{at}/b").outputs) == ([f"{at}/b"], {"out": f"CA{item}"})

    beyond = play(flow, wish=wish(upto, only="r"), inputs={})
    assert beyond.reply == first.reply, "what stands outside is as the run before left it"


def test_the_first_round_is_taken_where_none_is_named(make_flow, play):
    flow = grouped(make_flow, "flow.each", {}, "items")
    first = play(flow, inputs={"question": "hi\nho"})
    alone = play(flow, wish=wish(first, only="g/a"), inputs={})
    assert (ran(alone), alone.part["nodes"]) == (["g[0]/a"], ["g/s", "g/a"])


def test_what_the_group_would_need_is_named(make_flow, play):
    flow = grouped(make_flow, "flow.each", {}, "items")
    with pytest.raises(ApiError, match=r"what 'g\[0\]' is given at 's', and nothing stands for that"):
        play(flow, wish=wish(until="g/a"))
    first = play(flow, inputs={"question": "hi"})
    with pytest.raises(ApiError, match=r"what 'g\[7\]' is given at 's'"):
        play(flow, wish=wish(first, until="g[7]/a"))
    with pytest.raises(ApiError, match="no group 'h' in the flow"):
        play(flow, wish=wish(first, until="h/a"))
    with pytest.raises(ApiError, match="no node 'z' in the flow"):
        play(flow, wish=wish(first, until="g/z"))


def test_a_failure_in_a_part_of_a_group_ends_the_run(make_flow, play):
    flow = grouped(make_flow, "flow.each", {}, "items", b=("picky", {}))
    body = flow.graph["nodes"][1]["body"]
    body["wires"] = [
        {**wire, "target_port": "text"} if wire["target"] == "b" else wire for wire in body["wires"]
    ]
    change_within(flow, "a", "{{ x }}")
    first = play(flow, inputs={"question": "o"})
    assert first.status == Status.FINISHED
    change_within(flow, "a", "n{{ x }}")
    failed = play(flow, wish=wish(first, start_from="g/a"), inputs={})
    assert (failed.status, failed.error_node) == (Status.FAILED, "g[0]/b")
