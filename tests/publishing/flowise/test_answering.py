"""The events of a prediction: their order, their shape, and what of a run passes."""

import asyncio
import json

import pytest

from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.flowise import answering
from flowbuilder.publishing.flowise.answering import Answer
from flowbuilder.publishing.flowise.asking import Asked
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.flowise.prediction_api import HEARTBEAT, frame, kept_alive
from flowbuilder.publishing.models import Turn, Via
from flowbuilder.runs.models import Run

pytestmark = pytest.mark.django_db
CITED = {
    "number": 1,
    "source": "protocol.md",
    "heading": "Parcels",
    "quote": "A parcel has a weight.",
    "cited": True,
}


def wired(*kinds: str) -> dict:
    """A chain of nodes."""
    nodes = [{"id": kind.split(".")[1], "type": kind} for kind in kinds]
    ports = {"flow.reply": "content", "flow.approval": "content"}
    wires = [
        {
            "id": f"w{place}",
            "source": nodes[place]["id"],
            "target": node["id"],
            "target_port": ports.get(node["type"], "prompt"),
        }
        for place, node in enumerate(nodes[1:])
    ]
    return {"nodes": nodes, "wires": wires}


CHAT = wired("flow.start", "language.local_model", "flow.reply")
AGENT = wired("flow.start", "language.agent", "flow.reply")
APPROVAL = wired("flow.start", "flow.approval", "flow.reply")


def event(kind: str, node: str = "", /, **data):
    return {"type": kind, "node": node, "data": data, "seq": 1}


@pytest.fixture
def told(opened, asker, monkeypatch):
    """``told(graph, events)``: what a caller is told, event by event, and the reply without a stream."""

    def tell(graph: dict, events: list[dict], *, by_key: bool = False, question: str = "Why?", **doors):
        furnished = ways_in.change(asker=asker, flow=opened.flow, **doors)
        run = Run.objects.create(workspace=asker.workspace, flow=opened.flow, graph=graph)
        given = {"workspace": asker.workspace, "flow": opened.flow, "run": run, "via": Via.FLOWISE}
        turn = Turn.objects.create(**given, visitor="0" * 32, conversation="1" * 32)

        async def follow(run_id, after, begins):
            for each in events:
                yield each

        monkeypatch.setattr(answering, "follow", follow)
        caller = Caller(furnished, asker if by_key else None, "", "")
        answer = Answer(caller, Asked(turn, question, "c-1", "s-1"))

        async def all_of_it():
            return [each async for each in answer.events()]

        return asyncio.run(all_of_it()), answer

    return tell


def kinds(events) -> list[str]:
    return [kind for kind, _ in events]


SPEAKS = [
    event("node.started", "local_model", attempt=1),
    event("node.token", "local_model", text="It has "),
    event("node.finished", "local_model", usage={"prompt_tokens": 9, "completion_tokens": 5}),
    event("run.finished", reply="It has a weight [1].", citations=[CITED]),
]


def test_a_chatflow_opens_with_start_and_ends_with_metadata(told):
    events, answer = told(CHAT, SPEAKS, flowise_follow_ups=True)
    assert kinds(events) == ["start", "token", "token", "sourceDocuments", "usageMetadata", "metadata", "end"]
    said = dict(events)
    assert said["sourceDocuments"][0]["pageContent"] == "A parcel has a weight."
    assert said["sourceDocuments"][0]["metadata"]["source"] == "protocol.md"
    assert said["usageMetadata"] == {"input_tokens": 9, "output_tokens": 5, "total_tokens": 14}
    assert said["metadata"]["chatMessageId"] == str(answer.asked.turn.pk)
    assert json.loads(said["metadata"]["followUpPrompts"]) == ["Ann", "Bob"]  # a string of an array
    whole = answer.whole()
    assert whole["text"] == "It has a weight [1]." and whole["isStreamValid"]
    assert whole["executionId"] == str(answer.run.pk) and whole["sourceDocuments"]


def test_an_agentflow_opens_otherwise_and_never_with_both(told):
    step = {
        "kind": "step",
        "number": 1,
        "thought": "I count.",
        "tool": "calculator",
        "arguments": {"expression": "1+1"},
    }
    agent = [
        event("node.started", "agent", attempt=1, inputs={"prompt": "Why?"}),
        event("node.report", "agent", **step, result="2"),
        event("node.token", "agent", text="Two"),
        event("node.finished", "agent", outputs={"out": "Two"}, usage={}),
        event("run.finished", reply="Two"),
    ]
    events, answer = told(AGENT, agent, by_key=True)
    opening = kinds(events)
    assert opening[0] == "agentFlowEvent" and "start" not in opening
    assert opening == [
        *("agentFlowEvent", "nextAgentFlow", "thinking", "calledTools", "token", "nextAgentFlow"),
        *("usedTools", "agentFlowExecutedData", "agentFlowEvent", "metadata", "end"),
    ]
    used = [{"tool": "calculator", "toolInput": {"expression": "1+1"}, "toolOutput": "2"}]
    assert dict(events)["usedTools"] == answer.whole()["usedTools"] == used
    ran = dict(events)["agentFlowExecutedData"][0]
    assert (ran["nodeId"], ran["nodeLabel"], ran["status"]) == ("agent", "Agent", "FINISHED")
    assert ran["previousNodeIds"] == ["start"] and ran["data"]["output"] == {"out": "Two"}
    assert [data for kind, data in events if kind == "agentFlowEvent"] == ["INPROGRESS", "FINISHED"]

    public, answer = told(AGENT, agent)
    assert kinds(public) == ["agentFlowEvent", "token", "agentFlowEvent", "metadata", "end"]
    assert not {"usedTools", "agentFlowExecutedData"} & set(answer.whole())


def test_a_second_attempt_is_not_heard_twice(told):
    again = [*SPEAKS[:2], event("node.started", "local_model", attempt=2), SPEAKS[1], *SPEAKS[2:]]
    events, _ = told(CHAT, again)
    assert "".join(data for kind, data in events if kind == "token") == "It has a weight [1]."


@pytest.mark.parametrize("by_key", [True, False])
def test_a_failure_says_to_visitors_no_more_than_that_it_is_one(told, by_key):
    events, _ = told(CHAT, [event("run.failed", error="Node 'local_model': no model.")], by_key=by_key)
    assert kinds(events) == ["error", "end"]
    assert ("local_model" in events[0][1]) == by_key


def test_a_stop(told):
    events, _ = told(CHAT, [SPEAKS[0], SPEAKS[1], event("run.cancelled")])
    assert kinds(events) == ["start", "token", "abort", "end"]


ASKS = [
    event(
        "node.waiting",
        "approval",
        key="k",
        about={"kind": "approval", "question": "Refund?", "details": "20 euros"},
    ),
    event("run.waiting", keys=["k"]),
]


def test_what_a_person_has_to_decide_comes_with_two_buttons(told):
    events, answer = told(APPROVAL, ASKS, flowise_approvals=True)
    assert kinds(events) == ["agentFlowEvent", "token", "agentFlowEvent", "action", "metadata", "end"]
    action = dict(events)["action"]
    assert [each["type"] for each in action["elements"]] == [
        "agentflowv2-approve-button",
        "agentflowv2-reject-button",
    ]
    assert action["data"]["nodeId"] == "approval" and answer.whole()["text"] == "Refund?\n\n20 euros"

    others, answer = told(APPROVAL, ASKS, flowise_approvals=False)
    assert "action" not in kinds(others) and "Refund" not in str(others) + str(answer.whole())


def test_a_wait_for_a_time_is_waited_for(told):
    waits = [event("node.waiting", "approval", key="k", about={"kind": "timer"}), ASKS[1]]
    events, _ = told(APPROVAL, [*waits, event("run.finished", reply="Now.")])
    assert ("token", "Now.") in events


def test_a_frame_is_one_line_of_json_whatever_it_says():
    written = frame("token", 'a\nb\r\n"data:" \u2028 ü').decode()
    assert written.startswith('message:\ndata:{"event":"token","data":') and written.endswith("\n\n")
    lines = written.strip("\n").split("\n")
    assert (
        len(lines) == 2 and json.loads(lines[1].removeprefix("data:"))["data"] == 'a\nb\r\n"data:" \u2028 ü'
    )


def test_a_comment_keeps_a_silent_stream_open(monkeypatch):
    monkeypatch.setattr("flowbuilder.publishing.flowise.prediction_api.HEARTBEAT_SECONDS", 0.01)

    async def listen():
        may_end = asyncio.Event()

        async def slow():
            await may_end.wait()
            yield b"said"

        came = []
        async for piece in kept_alive(slow()):
            came.append(piece)
            if len(came) == 2:
                may_end.set()
        return came

    came = asyncio.run(listen())
    assert came[:2] == [HEARTBEAT, HEARTBEAT] and came[-1] == b"said"
