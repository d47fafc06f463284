"""Runs that wait for people: at breakpoints, and wherever a node says so."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.runs.models import Status
from flowbuilder.runs.waits import open_waits, resolve
from tests.runs.conftest import graph_of

START, REPLY = ("flow.start", {}), ("flow.reply", {})


def prompt(template: str, **more) -> tuple:
    return ("text.prompt", {"template": template}, more)


@pytest.fixture
def stops(make_flow):
    """Three prompts in a row; the run stops before the second."""
    nodes = {"s": START, "a": prompt("a{{ x }}"), "b": prompt("b{{ x }}", breakpoint=True)}
    nodes |= {"c": prompt("c{{ x }}"), "r": REPLY}
    return make_flow(nodes, ["s.out>a.x", "a.out>b.x", "b.out>c.x", "c.out>r.content"])


def answer(asker, run, node, **said):
    resolve(asker=asker, run=run, node=node, said=said)


def test_it_stops_with_the_inputs_and_goes_on(stops, play, asker):
    run = play(stops)
    assert run.status == Status.WAITING
    about = {"kind": "breakpoint", "inputs": {"x": "ahi"}}
    assert open_waits(run) == [{"node": "b", "about": about, "for_people": True}]
    answer(asker, run, "b", action="continue")
    run = play(run)
    assert (run.status, run.reply) == (Status.FINISHED, "cbahi")
    assert run.events.filter(type="node.finished").count() == 5


def test_a_step_stops_before_what_comes_next(stops, play, asker):
    run = play(stops)
    answer(asker, run, "b", action="step", inputs={"x": "edited"})
    run = play(run)
    assert [(wait["node"], wait["about"]["inputs"]) for wait in open_waits(run)] == [("c", {"x": "bedited"})]
    answer(asker, run, "c", action="continue")
    assert play(run).reply == "cbedited"


def test_or_it_ends(stops, play, asker):
    run = play(stops)
    answer(asker, run, "b", action="stop")
    run.refresh_from_db()
    assert run.status == Status.CANCELLED and open_waits(run) == []


@pytest.mark.parametrize(
    ("node", "said", "why"),
    [
        ("a", {"action": "continue"}, "does not wait at 'a'. It waits: b"),
        ("b", {}, "action: Field required"),
        ("b", {"action": "jump"}, "'continue', 'step' or 'stop'"),
        ("b", {"action": "continue", "inputs": {"y": "1"}}, "no input 'y'. Inputs that it has: x"),
    ],
)
def test_what_does_not_fit_is_refused(stops, play, asker, node, said, why):
    run = play(stops)
    with pytest.raises(ApiError, match=why):
        resolve(asker=asker, run=run, node=node, said=said)
    assert len(open_waits(run)) == 1


def test_edited_inputs_fit_their_ports(make_flow, play, asker):
    nodes = {"s": START, "k": ("finder", {}), "c": ("cite", {}, {"breakpoint": True}), "r": REPLY}
    flow = make_flow(nodes, ["s.out>k.text", "k.out>c.passages", "c.out>r.content"])
    run = play(flow)
    with pytest.raises(ApiError, match=r"'passages' takes Passages: items.0.source"):
        answer(
            asker, run, "c", action="continue", inputs={"passages": {"items": [{"text": "t", "score": 1}]}}
        )
    edited = {"items": [{"text": "t", "source": "mine", "score": 1}]}
    answer(asker, run, "c", action="continue", inputs={"passages": edited})
    assert play(run).reply == "mine"


def test_a_job_is_no_persons_to_answer(make_flow, play, asker):
    flow = make_flow({"s": START, "a": ("ask", {}), "r": REPLY}, ["s.out>a.text", "a.out>r.content"])
    run = play(flow)
    assert [wait["for_people"] for wait in open_waits(run)] == [False]
    with pytest.raises(ApiError, match="waits for no person"):
        answer(asker, run, "a", action="continue")


def test_breakpoints_in_a_group_stop_each_round(make_flow, play, asker):
    body = graph_of(
        {
            "in": ("flow.group_input", {"name": "item"}),
            "p": prompt("<{{ x }}>", breakpoint=True),
            "out": ("flow.group_output", {"name": "result"}),
        },
        ["in.out>p.x", "p.out>out.content"],
    )
    nodes = {"s": START, "g": ("flow.each", {}, {"body": body}), "r": REPLY}
    run = play(make_flow(nodes, ["s.out>g.items", "g.result>r.content"]), inputs={"question": "a\nb"})
    assert [wait["node"] for wait in open_waits(run)] == ["g[0]/p", "g[1]/p"]
    answer(asker, run, "g[1]/p", action="continue", inputs={"x": "B"})
    run = play(run)
    assert [wait["node"] for wait in open_waits(run)] == ["g[0]/p"]
    answer(asker, run, "g[0]/p", action="continue")
    assert play(run).reply == "<a>\n\n<B>"


def test_what_is_published_has_neither_breakpoints_nor_pins(make_flow, play, asker):
    from flowbuilder.flows.services import publish_version

    nodes = {"s": START, "b": prompt("b{{ x }}", breakpoint=True, pinned={"out": "pinned"}), "r": REPLY}
    flow = make_flow(nodes, ["s.out>b.x", "b.out>r.content"])
    version = publish_version(asker=asker, flow=flow)
    assert [(node["breakpoint"], node["pinned"]) for node in version.graph["nodes"]] == [(False, None)] * 3
    assert play(flow, version=version).reply == "bhi"
    assert play(flow).reply == "pinned"


def test_what_a_tool_does_is_not_changed_in_a_run(make_flow, play, asker):
    nodes = {"s": START, "t": ("tools.calculator", {}), "u": ("uses", {}, {"breakpoint": True}), "r": REPLY}
    run = play(make_flow(nodes, ["t.tool>u.tools", "u.out>r.content"]))
    (wait,) = open_waits(run)
    (tool,) = wait["about"]["inputs"]["tools"]
    with pytest.raises(ApiError, match="Input 'tools' takes tools"):
        answer(asker, run, "u", action="continue", inputs={"tools": [{**tool, "kind": "tools.http_request"}]})
    answer(asker, run, "u", action="continue")
    assert play(run).status == Status.FINISHED
