"""What a reply may cite."""

import pytest

from flowbuilder.engine.events import Event
from flowbuilder.engine.graph import Graph
from flowbuilder.runs.citations import Citations

GRAPH = Graph.model_validate(
    {
        "nodes": [
            {"id": "find", "type": "knowledge.retrieve"},
            {"id": "prompt", "type": "text.prompt"},
            {"id": "reply", "type": "flow.reply"},
            {"id": "aside", "type": "knowledge.retrieve"},
        ],
        "wires": [
            {"id": "1", "source": "find", "target": "prompt", "target_port": "context"},
            {"id": "2", "source": "prompt", "target": "reply", "target_port": "content"},
        ],
    }
)


def item(number: int, passage: str) -> dict:
    return {"number": number, "passage_id": passage, "source": "a.md"}


def report(node: str, *items: dict) -> Event:
    return Event("node.report", node, {"kind": "citations", "items": list(items)})


def ended(reply: str) -> Event:
    return Event("run.finished", data={"reply": reply})


@pytest.fixture
def citations() -> Citations:
    return Citations(GRAPH)


def test_the_end_says_what_led_to_the_reply(citations):
    for event in (report("find", item(1, "7"), item(2, "8")), report("aside", item(1, "9"))):
        assert citations.take(event) is event
    data = citations.take(ended("It is so.")).data
    assert [one["passage_id"] for one in data["citations"]] == ["7", "8"]
    assert {one["cited"] for one in data["citations"]} == {None} and data["reply"] == "It is so."


def test_numbers_in_the_reply_say_which(citations):
    citations.take(report("find", item(1, "7"), item(2, "8")))
    cited = citations.take(ended("So it stands [2].")).data["citations"]
    assert [one["cited"] for one in cited] == [False, True]


def test_the_newest_attempt_counts_and_each_passage_once(citations):
    citations.take(report("find", item(1, "6")))
    citations.take(report("find", item(1, "7"), item(2, "7")))
    assert [one["passage_id"] for one in citations.of("")] == ["7"]


def test_without_passages_the_end_is_as_it_was(citations):
    last = ended("Hello.")
    assert citations.take(last) is last
    assert (
        citations.take(Event("node.report", "find", {"kind": "usage", "tokens": 1})).data["kind"] == "usage"
    )


def test_what_led_to_the_reply_inside_groups_is_cited():
    body = {
        "nodes": [
            {"id": "find", "type": "knowledge.retrieve"},
            {"id": "aside", "type": "knowledge.retrieve"},
            {"id": "out", "type": "flow.group_output"},
        ],
        "wires": [{"id": "1", "source": "find", "target": "out", "target_port": "content"}],
    }
    graph = {
        "nodes": [{"id": "each", "type": "flow.each", "body": body}, {"id": "reply", "type": "flow.reply"}],
        "wires": [{"id": "1", "source": "each", "target": "reply", "target_port": "content"}],
    }
    citations = Citations(Graph.model_validate(graph))
    citations.take(report("each[0]/find", item(1, "7")))
    citations.take(report("each[1]/find", item(1, "8")))
    citations.take(report("each[0]/aside", item(1, "9")))
    assert [one["passage_id"] for one in citations.of("")] == ["7", "8"]
